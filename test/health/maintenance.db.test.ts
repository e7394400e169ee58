import pg from 'pg';
import { expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { prepareMonths } from '../../src/health/jobs.ts';
import { dropExpiredPartitions, ensurePartitions, purgeExpired } from '../../src/health/store.ts';
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

async function addLaunch(reference: string, time: number): Promise<void> {
  await superuser.query(
    "insert into launch (tenant_id, launch_id, reference, state, trace, started_at) values ($1, $2, $3, 'started', '{}', now())",
    [tenants[0], newId(time), reference],
  );
}

test('a month that cannot be made keeps no other from being made', async () => {
  await superuser.query(
    `create table odd partition of launch for values from ('${newId(Date.UTC(2041, 1, 9))}') to ('${newId(Date.UTC(2041, 1, 10))}')`,
  );
  const clock = { now: () => Date.UTC(2041, 1, 1) };
  await expect(prepareMonths({ database, clock })).rejects.toThrow();
  expect(await partitions()).toContain('launch_2041_03');
});

test('rows that came before their month was made move into it, and only those', async () => {
  for (const [reference, time] of [
    ['before', Date.UTC(2045, 3, 30, 23, 59, 59, 999)],
    ['first', Date.UTC(2045, 4, 1)],
    ['last', Date.UTC(2045, 4, 31, 23, 59, 59, 999)],
    ['after', Date.UTC(2045, 5, 1)],
  ] as const) {
    await addLaunch(reference, time);
  }
  await superuser.query(
    `insert into exchange (tenant_id, exchange_id, kind, outcome, attempts, started_at, ended_at)
     values ($1, $2, 'launch', 'success', 1, now(), '2045-05-31 23:59:59.999999Z')`,
    [tenants[0], newId()],
  );
  const made = (month: string) => database.withRollup((tx) => ensurePartitions(tx, new Date(month)));
  expect(await made('2045-05-20')).toBe(10);
  const places = `select reference, tableoid::regclass::text as place from launch
    where reference in ('before', 'first', 'last', 'after') order by launch_id`;
  expect((await superuser.query(places)).rows).toEqual([
    { reference: 'before', place: 'launch_default' },
    { reference: 'first', place: 'launch_2045_05' },
    { reference: 'last', place: 'launch_2045_05' },
    { reference: 'after', place: 'launch_default' },
  ]);
  const { rows } = await superuser.query('select count(*)::int as count from exchange_2045_05');
  expect(rows).toEqual([{ count: 1 }]);
  expect(await made('2045-05-01')).toBe(0);
});

test('a month made over rows has every key, index, check and right of the others', async () => {
  await addLaunch('early', Date.UTC(2046, 0, 5));
  const made = (month: string) => database.withRollup((tx) => ensurePartitions(tx, new Date(month)));
  await made('2046-01-01');
  await superuser.query(
    `create table direct partition of launch for values from ('${newId(Date.UTC(2046, 2, 9))}') to ('${newId(Date.UTC(2046, 2, 10))}')`,
  );
  const shape = async (name: string) => {
    const { rows } = await superuser.query(
      `select (select array_agg(pg_get_constraintdef(oid) order by 1) from pg_constraint where conrelid = $1::regclass) as checks,
        (select array_agg(replace(regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ON', ''), $1::text, '') order by 1)
         from pg_index i where indrelid = $1::regclass and indisvalid) as indexes,
        (select count(*)::int from pg_inherits join pg_index on indexrelid = inhrelid where indrelid = $1::regclass) as attached`,
      [name],
    );
    return rows[0];
  };
  const { checks, indexes, attached } = await shape('launch_2046_01');
  expect({ checks, indexes, attached }).toEqual(await shape('direct'));
  expect(attached).toBe(5);
});

test('a default partition in use holds nobody up: making the month fails and is tried again', async () => {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query('begin; select from launch_default limit 1');
  const attempt = () => database.withRollup((tx) => ensurePartitions(tx, new Date('2047-01-01')));
  await expect(attempt()).rejects.toMatchObject({ code: '55P03' });
  await other.end();
  expect(await attempt()).toBe(10);
});

test('a month in which a score still waits stays, however old', async () => {
  const months = async () => {
    const { rows } = await superuser.query(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'grade_delivery'::regclass",
    );
    return rows.map((row) => row.name);
  };
  await prepareMonths({ database, clock: { now: () => Date.UTC(2018, 0, 1) } });
  const delivery = newId(Date.UTC(2018, 0, 10));
  await superuser.query(
    `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
       state, accepted_at) values ($1, $2, $2, $2, $2, $2, now(), 'pending', now())`,
    [tenants[0], delivery],
  );
  await database.withRollup(dropExpiredPartitions);
  expect(await months()).toContain('grade_delivery_2018_01');
  expect(await months()).not.toContain('grade_delivery_2018_02');
  await superuser.query(
    `update grade_delivery set state = 'expired', outcome = 'failed_partner', ended_at = now() where delivery_id = $1`,
    [delivery],
  );
  await database.withRollup(dropExpiredPartitions);
  expect(await months()).not.toContain('grade_delivery_2018_01');
});

test('partitions past their retention go, younger ones and the default stay', async () => {
  await prepareMonths({ database, clock: { now: () => Date.UTC(2020, 0, 1) } });
  await prepareMonths({ database, clock: { now: () => Date.now() } });
  const current = (await partitions()).filter((name) => !name.includes('_2020_'));
  await database.withRollup(dropExpiredPartitions);
  expect(await partitions()).toEqual(current);
});

test('rows of the default partition go by the same age', async () => {
  for (const days of [500, 300]) await addLaunch(`age ${days}`, Date.now() - days * 86_400_000);
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
