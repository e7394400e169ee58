import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TenantId } from '../../../contracts/ids.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { createTestDatabase } from '../../support/database.ts';

const { url, superuser } = await createTestDatabase();
const [one, two] = [randomUUID(), randomUUID()] as TenantId[] as [TenantId, TenantId];
let database: Database;

beforeAll(async () => {
  database = await openDatabase({
    url,
    applicationName: 'grouped test',
    connections: 4,
    statementTimeoutMs: 5_000,
    onError: () => undefined,
  });
});
afterAll(() => database.close());

const grouped = (tenantId: TenantId) => database.tenant(tenantId, { grouped: 'doubly' });
const transaction = sql`select pg_current_xact_id()::text as id, current_setting('app.tenant') as tenant`;
const transactionRow = z.object({ id: z.string(), tenant: z.string() });
const addPerson = (tenantId: TenantId, personId: string) =>
  grouped(tenantId).exec(sql`
    insert into person (tenant_id, person_id, created_at, changed_at) values (${tenantId}, ${personId}, now(), now())`);
const people = z.object({ person_id: z.uuid() });

describe('statements that come together', () => {
  test('share a transaction, each in the scope of its own tenant', async () => {
    const seen = await Promise.all(
      Array.from({ length: 40 }, (_, i) => grouped(i % 2 === 0 ? one : two).one(transaction, transactionRow)),
    );
    expect(seen.map(({ tenant }) => tenant)).toEqual(seen.map((_, i) => (i % 2 === 0 ? one : two)));
    const transactions = new Set(seen.map(({ id }) => id)).size;
    expect(transactions).toBeGreaterThan(0);
    expect(transactions).toBeLessThan(20);
  });

  test('see and write the rows of their tenant only', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    await Promise.all([addPerson(one, mine), addPerson(two, theirs)]);
    const all = sql`select person_id from person`;
    const [ofOne, ofTwo] = await Promise.all([
      grouped(one).many(all, people),
      grouped(two).many(all, people),
    ]);
    expect([ofOne, ofTwo]).toEqual([[{ person_id: mine }], [{ person_id: theirs }]]);
    const foreign = grouped(one).exec(sql`
      insert into person (tenant_id, person_id, created_at, changed_at) values (${two}, ${randomUUID()}, now(), now())`);
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
  });

  test('do not suffer from one that fails, and nothing is done twice', async () => {
    const known = randomUUID();
    await addPerson(one, known);
    const fresh = Array.from({ length: 20 }, () => randomUUID());
    const answers = await Promise.allSettled([
      ...fresh.slice(0, 10).map((id) => addPerson(one, id)),
      addPerson(one, known),
      ...fresh.slice(10).map((id) => addPerson(two, id)),
    ]);
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(answers[10]).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
    const { rows } = await superuser.query('select from person where person_id = any ($1)', [fresh]);
    expect(rows).toHaveLength(20);
  });

  test('are held up neither by a lock that one of them waits for nor by each other', async () => {
    const [locked, free] = [randomUUID(), randomUUID()];
    await Promise.all([addPerson(one, locked), addPerson(one, free)]);
    const change = (personId: string) =>
      grouped(one).exec(sql`update person set changed_at = now() where person_id = ${personId}`);
    await superuser.query('begin');
    await superuser.query('select from person where person_id = $1 for update', [locked]);
    // Two trips may be under way at once, so that two of four go together.
    const together = Promise.all([free, locked, randomUUID(), randomUUID()].map(change));
    await expect
      .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
      .toBeGreaterThan(0);
    const began = performance.now();
    // The group would have to be broken up by the server, which looks for deadlocks after a second only.
    await superuser.query('update person set changed_at = now() where person_id = $1', [free]);
    expect(performance.now() - began).toBeLessThan(500);
    await superuser.query('commit');
    expect(await together).toEqual([1, 1, 0, 0]);
  });

  test('are all told when the connection is lost, and later ones go on', async () => {
    const sleep = sql`select pg_sleep(4)::text as id, '' as tenant`;
    const lost = Promise.allSettled(
      Array.from({ length: 6 }, (_, i) => grouped(i % 2 === 0 ? one : two).one(sleep, transactionRow)),
    );
    const sleepers = `from pg_stat_activity
      where application_name = 'grouped test' and state = 'active' and query like '%pg_sleep%'`;
    // They go in two trips.
    await expect
      .poll(async () => (await superuser.query(`select ${sleepers}`)).rowCount, { timeout: 3_000 })
      .toBe(2);
    await superuser.query(`select pg_terminate_backend(pid) ${sleepers}`);
    for (const each of await lost) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'database_unavailable' } });
    }
    expect(await grouped(one).one(transaction, transactionRow)).toMatchObject({ tenant: one });
  });
});

test('one that takes long holds up no others, even where one trip goes at a time', async () => {
  const singly = database.tenant(one, { grouped: 'singly' });
  const [busy] = [randomUUID()];
  await addPerson(one, busy);
  await superuser.query('begin');
  await superuser.query('select from person where person_id = $1 for update', [busy]);
  // Alone in its trip, it waits for the lock as long as it takes.
  const waiting = singly.exec(sql`update person set changed_at = now() where person_id = ${busy}`);
  await expect
    .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
    .toBeGreaterThan(0);
  expect(await singly.one(transaction, transactionRow)).toMatchObject({ tenant: one });
  await superuser.query('commit');
  expect(await waiting).toBe(1);
});

test('a statement by itself needs no others to go', async () => {
  expect(await grouped(two).one(transaction, transactionRow)).toMatchObject({ tenant: two });
});

test('what runs alone shares no transaction', async () => {
  const { alone } = grouped(one);
  const seen = await Promise.all(Array.from({ length: 8 }, () => alone.one(transaction, transactionRow)));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(8);
});
