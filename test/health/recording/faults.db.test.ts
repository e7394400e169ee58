import pg from 'pg';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { copyAll } from '../../../src/health/jobs.ts';
import { createRefusalRecorder } from '../../../src/health/refusals.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openDatabase } from '../../../src/platform/db.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../../support/launch.ts';

const testDatabase = await createTestDatabase();
const { database, superuser, url } = testDatabase;
const world = await startHubWorld(testDatabase);
const deps = { database, clock: systemClock };
const tables = `exchange, exchange_attempt, exchange_mark, exchange_series, exchange_5m, exchange_1h, exchange_1d,
  exchange_sketch_1h, exchange_sketch_1d`;
afterEach(() => superuser.query(`truncate ${tables}, launch`));

/** A whole launch, through both legs. @returns how long it took, in milliseconds */
async function launch(): Promise<number> {
  const begin = performance.now();
  const answered = await answerLogin(world);
  const launched = await postLaunch(world, answered);
  expect((await openTool(world, launched, answered.cookies)).status).toBe(200);
  return performance.now() - begin;
}

const count = async (statement: string) =>
  Number((await superuser.query<{ count: string }>(`select count(*) from ${statement}`)).rows[0]?.count);

/** Everything of health is locked until the test is over, or until it is told to go on. */
async function lockTables(): Promise<() => Promise<void>> {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query(`begin; lock table ${tables} in access exclusive mode`);
  let open = true;
  const unlock = async () => {
    if (open) await other.end();
    open = false;
  };
  onTestFinished(unlock);
  return unlock;
}

test('while the tables of health are locked launches go on as fast, and are counted afterwards', async () => {
  await launch();
  const unlock = await lockTables();
  const copying = copyAll(deps);
  for (let i = 0; i < 5; i++) expect(await launch()).toBeLessThan(2_000);
  expect(await count("launch where state = 'opened'")).toBe(6);
  await unlock();
  await copying;
  await copyAll(deps);
  expect(await count('exchange')).toBe(6);
  expect(await count('launch where not copied')).toBe(0);
});

test('a refusal that cannot be written holds nobody up, and what is too much is dropped', async () => {
  const log = openLog({ level: 'silent' });
  const recorder = createRefusalRecorder({ database, clock: systemClock, log, capacity: 50, gatherMs: 1 });
  const unlock = await lockTables();
  const begin = performance.now();
  for (let i = 0; i < 10_000; i++) recorder.record({ kind: 'launch', outcome: 'user_error', reason: 'x' });
  expect(performance.now() - begin).toBeLessThan(1_000);
  await launch();
  await unlock();
  await recorder.stop();
  expect(await count('exchange')).toBeLessThanOrEqual(100);
});

test.each(['exchange_default', 'exchange_attempt_default', 'exchange_mark'])(
  'while %s takes nothing more launches go on, nothing is half done, and nothing is missed',
  async (table) => {
    // SQLSTATE 53100 is disk_full.
    await superuser.query(`create or replace function full_disk() returns trigger language plpgsql as $$
      begin raise exception 'no space left on device' using errcode = '53100'; end $$`);
    // Whichever month it is: rows of every month end here.
    for (const parent of ['exchange', 'exchange_attempt']) await dropMonths(parent);
    await superuser.query(
      `create trigger full_disk before insert on ${table} for each row execute function full_disk()`,
    );
    for (let i = 0; i < 3; i++) await launch();
    await expect(copyAll(deps)).rejects.toMatchObject({ code: '53100' });
    expect([
      await count('exchange'),
      await count('exchange_attempt'),
      await count('launch where copied'),
    ]).toEqual([0, 0, 0]);
    await superuser.query(`drop trigger full_disk on ${table}`);
    await copyAll(deps);
    expect([
      await count('exchange'),
      await count('exchange_attempt'),
      await count('launch where copied'),
    ]).toEqual([3, 3, 3]);
  },
);

async function dropMonths(parent: string): Promise<void> {
  const { rows } = await superuser.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass`,
    [parent],
  );
  for (const { name } of rows) if (!name.endsWith('_default')) await superuser.query(`drop table ${name}`);
}

test('killed at any moment, again and again, copying and counting miss nothing and count nothing twice', async () => {
  const launches = 3_000;
  const { tenantId } = world.tenants.northside;
  // Ended over two days, so that there are hours and days to be summed.
  await superuser.query(
    `insert into launch (tenant_id, launch_id, reference, state, outcome, trace, started_at, ended_at)
     select $1, gen_random_uuid(), 'x', 'opened', (array['success', 'failed_partner', 'user_error'])[1 + n % 3], '{}',
       now() - interval '3 days' + n * interval '55 seconds', now() - interval '3 days' + n * interval '56 seconds'
     from generate_series(1, $2) n`,
    [tenantId, launches],
  );
  const own = await openDatabase({
    url,
    applicationName: 'killed',
    connections: 2,
    statementTimeoutMs: 10_000,
    onError: () => undefined,
  });
  onTestFinished(() => own.close());
  const killed = { database: own, clock: systemClock };
  let [kills, isDone] = [0, false];
  const work = async () => {
    while (
      (await count('launch where not copied')) > 0 ||
      (await count("exchange_mark where grain = '5m'")) > 0
    ) {
      await Promise.all([copyAll(killed), rollUp(killed)].map((each) => each.catch(() => undefined)));
    }
    isDone = true;
  };
  const killer = new pg.Client({ connectionString: url });
  await killer.connect();
  const kill = async () => {
    // Most of the time it finds somebody at work, in the middle of whatever it is.
    while (!isDone && kills < 200) {
      const { rowCount } = await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'killed' and state <> 'idle' and pg_sleep(random() * 0.02) is not null`,
      );
      kills += rowCount ?? 0;
    }
  };
  await Promise.all([work(), kill()]);
  await killer.end();
  expect(kills).toBeGreaterThan(20);
  await rollUp(deps);
  expect([await count('exchange'), await count('exchange_attempt')]).toEqual([launches, launches]);
  const sums = `sum(success)::int as good, sum(failed_partner)::int as failed, sum(user_error)::int as people`;
  const each = launches / 3;
  for (const table of ['exchange_5m', 'exchange_1h', 'exchange_1d']) {
    const over =
      table === 'exchange_5m'
        ? ''
        : "where at < date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'";
    const { rows } = await superuser.query(`select ${sums} from ${table} ${over}`);
    const { rows: raw } = await superuser.query(
      `select count(*) filter (where outcome = 'success')::int as good,
         count(*) filter (where outcome = 'failed_partner')::int as failed,
         count(*) filter (where outcome = 'user_error')::int as people
       from exchange ${over.replace('at <', 'ended_at <')}`,
    );
    expect(rows, table).toEqual(raw);
    if (table === 'exchange_5m') expect(rows).toEqual([{ good: each, failed: each, people: each }]);
  }
}, 60_000);
