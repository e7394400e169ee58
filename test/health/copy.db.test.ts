import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { copyAll } from '../../src/health/jobs.ts';
import { copyEndedLaunches } from '../../src/health/recording/copy-store.ts';
import { createTestDatabase } from '../support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const northside = newId<TenantId>();
const riverbend = newId<TenantId>();
const connectionId = newId();
for (const [tenantId, slug] of [
  [northside, 'northside'],
  [riverbend, 'riverbend'],
]) {
  await superuser.query('insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $2, now())', [
    tenantId,
    slug,
  ]);
}
await superuser.query("insert into connection values ($1, $2, 'lms', 'canvas', 'Canvas', now())", [
  northside,
  connectionId,
]);

const clock = { now: () => Date.now() };
const deps = { database, clock };
afterEach(() => superuser.query('truncate launch, exchange, exchange_attempt, lti_hint, lti_waiting_launch'));

interface Arranged {
  tenantId?: TenantId;
  state?: string;
  outcome?: string | null;
  minutesAgo?: number;
}

async function launch(options: Arranged = {}): Promise<string> {
  const { tenantId = northside, state = 'opened', outcome = 'success', minutesAgo = 0 } = options;
  const launchId = newId();
  await superuser.query(
    `insert into launch (tenant_id, launch_id, reference, state, outcome, reason, connection_id, trace, started_at, ended_at)
     values ($1, $2, 'K7QF-3M2P', $3, $4::text, null, $5, '{}', now() - make_interval(mins => $6),
       case when $4::text is null then null else now() end)`,
    [tenantId, launchId, state, outcome, tenantId === northside ? connectionId : null, minutesAgo],
  );
  return launchId;
}

async function exchanges(): Promise<Record<string, unknown>[]> {
  return (await superuser.query('select * from exchange order by exchange_id')).rows;
}

test('an ended launch becomes one exchange with one attempt and names its partner', async () => {
  const launchId = await launch();
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([
    {
      tenant_id: northside,
      exchange_id: launchId,
      kind: 'launch',
      partner: 'canvas',
      outcome: 'success',
      attempts: 1,
    },
  ]);
  const { rows } = await superuser.query('select exchange_id, attempt, outcome from exchange_attempt');
  expect(rows).toEqual([{ exchange_id: launchId, attempt: 1, outcome: 'success' }]);
});

test('copying again changes nothing', async () => {
  await launch();
  await copyAll(deps);
  await superuser.query('update launch set copied = false');
  await copyAll(deps);
  expect(await exchanges()).toHaveLength(1);
  expect((await superuser.query('select copied from launch')).rows).toEqual([{ copied: true }]);
});

test('killed in the middle, nothing is half done, and the next run does all of it once', async () => {
  for (let i = 0; i < 20; i++) await launch({ tenantId: i % 2 ? northside : riverbend });
  const killed = database.withRollup(async (tx) => {
    expect(await copyEndedLaunches(tx, 10)).toBe(10);
    await superuser.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
    );
    return copyEndedLaunches(tx, 10);
  });
  await expect(killed).rejects.toThrow();
  expect(await exchanges()).toHaveLength(0);
  await copyAll(deps);
  expect(new Set((await exchanges()).map((row) => row.exchange_id)).size).toBe(20);
});

test('copies that run together share the work', async () => {
  for (let i = 0; i < 30; i++) await launch();
  await Promise.all([copyAll(deps), copyAll(deps)]);
  expect(await exchanges()).toHaveLength(30);
  expect((await superuser.query('select from launch where not copied')).rowCount).toBe(0);
});

test('a launch under way is not copied', async () => {
  await launch({ state: 'started', outcome: null, minutesAgo: 9 });
  await copyAll(deps);
  expect(await exchanges()).toHaveLength(0);
});

test.each([
  ['started', 'expired_unknown'],
  ['waiting', 'failed_config'],
])('a launch left %s for more than ten minutes is abandoned as %s', async (state, outcome) => {
  await launch({ state, outcome: null, minutesAgo: 11 });
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([{ outcome }]);
  expect((await superuser.query('select state from launch')).rows).toEqual([{ state: 'abandoned' }]);
});

test('a launch whose hint or waiting place still lives is not abandoned', async () => {
  const started = await launch({ state: 'started', outcome: null, minutesAgo: 60 });
  const waiting = await launch({ state: 'waiting', outcome: null, minutesAgo: 60 });
  await superuser.query(
    `insert into lti_hint (tenant_id, launch_id, hint_hash, login_hint_hash, browser_hash, tool_id, snapshot, expires_at)
     values ($1, $2, '', '', '', $3, '{}', now() + interval '1 minute')`,
    [northside, started, newId()],
  );
  await superuser.query(
    `insert into lti_waiting_launch values ($1, $2, $3, 'd', '', '', now() + interval '1 minute')`,
    [northside, waiting, connectionId],
  );
  await copyAll(deps);
  expect(await exchanges()).toHaveLength(0);
  await superuser.query("update lti_hint set expires_at = now() - interval '1 second'");
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([{ exchange_id: started }]);
});

test('an outcome the reports do not know cannot stand in a launch', async () => {
  await expect(launch({ outcome: 'vanished' })).rejects.toMatchObject({ constraint: 'outcome_check' });
});

test('a tenant sees its own exchanges and no other', async () => {
  const own = await launch({ tenantId: northside });
  await launch({ tenantId: riverbend });
  await copyAll(deps);
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_app' });
  await client.connect();
  await client.query('begin');
  await client.query("select set_config('app.tenant', $1, true)", [northside]);
  const { rows } = await client.query('select exchange_id from exchange');
  const attempts = await client.query('select exchange_id from exchange_attempt');
  await expect(client.query('delete from exchange')).rejects.toMatchObject({ code: '42501' });
  await client.end();
  expect([rows, attempts.rows]).toEqual([[{ exchange_id: own }], [{ exchange_id: own }]]);
});
