import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { TenantId } from '../../../contracts/ids.ts';
import { openDatabase } from '../../../src/platform/db.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../../support/database.ts';

const { url, superuser } = await createTestDatabase();
const tenantId = randomUUID() as TenantId;
const one = sql`select 1 as one`;
const row = z.object({ one: z.number() });

/** Stands between; on the word it forgets the connections there are without closing them, as a cut network does. */
const held = new Set<Socket>();
let forgotten = 0;
const between = createServer({ noDelay: true }, (near) => {
  const own = forgotten;
  const far = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  for (const socket of [near, far]) held.add(socket.on('error', () => undefined));
  near.on('data', (bytes) => own === forgotten && far.write(bytes));
  far.on('data', (bytes) => own === forgotten && near.write(bytes));
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
});
await new Promise<void>((resolve) => {
  between.listen(0, '127.0.0.1', resolve);
});
afterAll(() => {
  for (const socket of held) socket.destroy();
  between.close();
});

async function openBetween() {
  const address = new URL(url);
  address.hostname = '127.0.0.1';
  address.port = String((between.address() as AddressInfo).port);
  address.search = '';
  const database = await openDatabase({
    url: address.href,
    applicationName: 'silent server test',
    connections: 2,
    statementTimeoutMs: 2_000,
    silenceMs: 500,
    onError: () => undefined,
  });
  onTestFinished(() => database.close());
  return database;
}

test('connections that a network has forgotten give their places to new ones', async () => {
  const database = await openBetween();
  const grouped = database.tenant(tenantId, { grouped: 'singly' });
  const ask = [
    () => database.tenant(tenantId).one(one, row),
    () => grouped.one(one, row),
    () => database.withTenant(tenantId, (tx) => tx.one(one, row)),
    () => database.directory.one(one, row),
  ];
  await Promise.all(ask.map((each) => each()));
  forgotten += 1;
  const lost = await Promise.allSettled(ask.map((each) => each()));
  expect(lost).toContainEqual({
    status: 'rejected',
    reason: expect.objectContaining({ code: 'database_unavailable' }),
  });
  for (const each of ask) expect(await each()).toEqual({ one: 1 });
});

test('a transaction that is cut off in the middle ends for its caller', async () => {
  const database = await openBetween();
  const cut = database.withTenant(tenantId, async (tx) => {
    await tx.one(one, row);
    forgotten += 1;
    return tx.one(one, row);
  });
  await expect(cut).rejects.toMatchObject({ code: 'database_unavailable' });
});

test('a statement that loses its connection says that the database is away', async () => {
  const database = await openBetween();
  const ended = database.tenant(tenantId).one(sql`select pg_sleep(5), 1 as one`, row);
  const told = expect(ended).rejects.toMatchObject({ code: 'database_unavailable' });
  await expect.poll(endSleepers, { timeout: 2_000 }).toBeGreaterThan(0);
  await told;
});

async function endSleepers(): Promise<number | null> {
  const { rowCount } = await superuser.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'silent server test' and state = 'active' and query like '%pg_sleep%'`,
  );
  return rowCount;
}

test('a statement past its own time keeps its connection', async () => {
  const database = await openBetween();
  const take = (seconds: number) =>
    database.tenant(tenantId).one(sql`select pg_backend_pid() as one, pg_sleep(${seconds})`, row);
  const before = await take(0);
  await expect(take(5)).rejects.toMatchObject({ code: '57014' });
  expect(await take(0)).toEqual(before);
});
