import { afterEach, expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { type Changes, createChanges, notifyChanged } from '../../src/platform/changes.ts';
import { openLog } from '../../src/platform/log.ts';
import { createTestDatabase } from '../support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const log = openLog({ level: 'silent' });
const tenantId = newId<TenantId>();
let changes: Changes | undefined;
afterEach(() => changes?.stop());

async function listen(onChange: (topic: string) => void = () => undefined) {
  const seen = { topics: [] as string[], resets: 0 };
  changes = await createChanges({
    url,
    log,
    onChange: (topic) => {
      seen.topics.push(topic);
      onChange(topic);
    },
    onReset: () => {
      seen.resets += 1;
    },
    backOffMs: () => 1,
  });
  return seen;
}

const notify = (topic: string) => database.withTenant(tenantId, (tx) => notifyChanged(tx, topic));
const breakConnection = () =>
  superuser.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gatehouse changes'",
  );

test('a committed change reaches the copies that listen', async () => {
  const seen = await listen();
  await notify('tenant:1');
  await expect.poll(() => seen.topics).toEqual(['tenant:1']);
});

test('a change rolled back reaches nobody', async () => {
  const seen = await listen();
  const failed = database.withTenant(tenantId, async (tx) => {
    await notifyChanged(tx, 'tenant:never');
    throw new Error('roll back');
  });
  await expect(failed).rejects.toThrow('roll back');
  await notify('tenant:after');
  await expect.poll(() => seen.topics).toEqual(['tenant:after']);
});

test('a broken connection is made again, everything is forgotten, and later changes arrive', async () => {
  const seen = await listen();
  expect(seen.resets).toBe(1);
  await breakConnection();
  await expect.poll(() => seen.resets, { timeout: 5_000 }).toBe(2);
  await notify('tenant:2');
  await expect.poll(() => seen.topics).toEqual(['tenant:2']);
});

test('a handler that throws does not end the listening', async () => {
  const seen = await listen(() => {
    throw new Error('handler');
  });
  await notify('tenant:3');
  await notify('tenant:4');
  await expect.poll(() => seen.topics).toEqual(['tenant:3', 'tenant:4']);
});

test('once stopped, it holds no connection and makes none', async () => {
  await listen();
  await changes?.stop();
  const count = async () => {
    const { rows } = await superuser.query(
      "select count(*)::int as count from pg_stat_activity where application_name = 'gatehouse changes'",
    );
    return rows[0].count;
  };
  await expect.poll(count).toBe(0);
});
