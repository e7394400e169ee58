import pg from 'pg';
import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { prepareMonths } from '../../src/health/jobs.ts';
import { dropExpiredPartitions, purgeExpired } from '../../src/health/store.ts';
import { createTestDatabase } from '../support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const tenants = [newId<TenantId>(), newId<TenantId>()];

async function partitions(): Promise<string[]> {
  const { rows } = await superuser.query(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent in ('launch'::regclass, 'exchange'::regclass, 'exchange_attempt'::regclass) order by 1",
  );
  return rows.map((row) => row.name);
}

test('this month and the two after it have their partitions, also across a year', async () => {
  const clock = { now: () => Date.UTC(2031, 10, 30) };
  await prepareMonths({ database, clock });
  await prepareMonths({ database, clock });
  const made = (await partitions()).filter((name) => /_203[12]_/.test(name));
  expect(made).toEqual([
    'exchange_2031_11',
    'exchange_2031_12',
    'exchange_2032_01',
    'exchange_attempt_2031_11',
    'exchange_attempt_2031_12',
    'exchange_attempt_2032_01',
    'launch_2031_11',
    'launch_2031_12',
    'launch_2032_01',
  ]);
});

test('a month that cannot be made keeps no other from being made', async () => {
  await superuser.query(
    "insert into tenant (tenant_id, slug, name, created_at) values ($1, 'a', 'a', now())",
    [tenants[0]],
  );
  await superuser.query(
    "insert into launch (tenant_id, launch_id, reference, state, trace, started_at) values ($1, $2, 'r', 'started', '{}', now())",
    [tenants[0], newId(Date.UTC(2041, 1, 3))],
  );
  const clock = { now: () => Date.UTC(2041, 1, 1) };
  await expect(prepareMonths({ database, clock })).rejects.toThrow();
  expect(await partitions()).toContain('launch_2041_03');
});

test('partitions past their retention go, younger ones and the default stay', async () => {
  await prepareMonths({ database, clock: { now: () => Date.UTC(2020, 0, 1) } });
  await prepareMonths({ database, clock: { now: () => Date.now() } });
  const current = (await partitions()).filter((name) => !name.includes('_2020_'));
  await database.withRollup(dropExpiredPartitions);
  expect(await partitions()).toEqual(current);
});

test('rows of the default partition go by the same age', async () => {
  for (const days of [500, 300]) {
    await superuser.query(
      "insert into launch (tenant_id, launch_id, reference, state, trace, started_at) values ($1, $2, $3, 'started', '{}', now())",
      [tenants[0], newId(Date.now() - days * 86_400_000), `age ${days}`],
    );
  }
  await database.withRollup(dropExpiredPartitions);
  const { rows } = await superuser.query("select reference from launch where reference like 'age %'");
  expect(rows).toEqual([{ reference: 'age 300' }]);
});

test('expired secrets of every tenant go, living ones stay', async () => {
  for (const tenantId of tenants) {
    for (const minutes of [-1, 5]) {
      await superuser.query(
        `insert into lti_login (tenant_id, state_hash, connection_id, nonce_hash, browser_hash, target_link_uri, request,
           expires_at)
         values ($1, $2, $3, '', '', 'x', '{}', now() + make_interval(mins => $4))`,
        [tenantId, Buffer.from(newId()), newId(), minutes],
      );
      await superuser.query(
        `insert into lti_hint (tenant_id, launch_id, hint_hash, login_hint_hash, browser_hash, tool_id, snapshot, expires_at)
         values ($1, $2, '', '', '', $3, '{}', now() + make_interval(mins => $4))`,
        [tenantId, newId(), newId(), minutes],
      );
    }
  }
  expect(await database.withRollup((tx) => purgeExpired(tx, 100))).toBe(4);
  const { rows } = await superuser.query(
    'select (select count(*)::int from lti_login) as logins, (select count(*)::int from lti_hint) as hints',
  );
  expect(rows).toEqual([{ logins: 2, hints: 2 }]);
});

test('the role that clears up reads no secret and chooses nothing', async () => {
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_rollup' });
  await client.connect();
  for (const statement of [
    'select snapshot from lti_hint',
    'select request from lti_login',
    'select sealed_snapshot from lti_waiting_launch',
    'delete from lti_login',
    'delete from lti_hint',
    'drop table launch_default',
    'update launch set person_id = null',
  ]) {
    await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
  }
  await client.end();
});

test('the app role can run none of the clearing', async () => {
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_app' });
  await client.connect();
  for (const call of ['purge_expired(1)', 'drop_expired_partitions()', "ensure_partitions('2030-01-01')"]) {
    await expect(client.query(`select ${call}`), call).rejects.toMatchObject({ code: '42501' });
  }
  await client.end();
});
