import { beforeEach, expect, test } from 'vitest';
import { copyEndedRuns } from '../../../src/health/recording/copy-store.ts';
import { syncWorkers } from '../../../src/sync/runs/jobs.ts';
import { planRuns } from '../../../src/sync/runs/plan-runs.ts';
import { planRosterRuns } from '../../../src/sync/runs/queues.ts';
import { approveRun, getRoster, listRuns } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const nightly = { zone: 'Europe/Berlin', full: '0 2 * * 0', delta: '0 2 * * *' };

// Each test has the only schools with something to do.
beforeEach(async () => {
  await superuser.query(`update roster_source set status = 'disabled'`);
  await superuser.query(`delete from sync_hold`);
  await superuser.query(
    `update sync_run set ended_at = now(), outcome = 'suppressed', state = 'cancelled', cleared = true
     where ended_at is null`,
  );
});

const runsOf = (world: SyncWorld) => database.withTenant(world.tenantId, (tx) => listRuns(tx));
const nextOf = async (world: SyncWorld) =>
  (
    await database.withTenant(world.tenantId, (tx) => getRoster(tx, world.connectionId))
  ).nextRunAt?.toISOString();

test('a source that is due is run once in its tenant, and is due again at its next time', async () => {
  const roster = { schedule: nightly };
  const [north, south] = [
    await createSyncWorld(testDatabase, 'due-north', { roster }),
    await createSyncWorld(testDatabase, 'due-south', {
      roster: { schedule: { zone: 'UTC', full: '0 3 * * *' } },
    }),
  ];
  north.sis.roster = schoolOf(1);
  await planRuns(north.deps);
  expect(await runsOf(north)).toEqual([]);
  // 2026-11-22 is a Sunday: everything is read.
  north.clock.at = Date.parse('2026-11-22T01:00:30Z');
  await Promise.all([planRuns(north.deps), planRuns(north.deps)]);
  const [run, ...others] = await runsOf(north);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ mode: 'full', isDry: false, requestedBy: 'job:plan_roster_runs' });
  expect(await nextOf(north)).toBe('2026-11-23T01:00:00.000Z');
  expect(await runsOf(south)).toEqual([]);
  await north.work(run!.runId);
  north.clock.at = Date.parse('2026-11-23T01:00:00Z');
  await planRuns(north.deps);
  expect(await runsOf(north)).toMatchObject([{ mode: 'delta' }, { state: 'applied' }]);
  expect(await runsOf(south)).toHaveLength(1);
});

test('a schedule that was missed for days is made up for once', async () => {
  const world = await createSyncWorld(testDatabase, 'missed', { roster: { schedule: nightly } });
  world.clock.at = Date.parse('2026-11-29T12:00:00Z');
  await planRuns(world.deps);
  await planRuns(world.deps);
  expect(await runsOf(world)).toHaveLength(1);
  expect(await nextOf(world)).toBe('2026-11-30T01:00:00.000Z');
});

test('nothing is asked for while a run is under way, or in a pause between school years', async () => {
  const rollovers = [{ from: '2026-11-23', to: '2026-11-23', policy: 'pause' as const }];
  const world = await createSyncWorld(testDatabase, 'skipped', { roster: { schedule: nightly, rollovers } });
  await world.request();
  world.clock.at = Date.parse('2026-11-22T01:00:00Z');
  await planRuns(world.deps);
  expect(await runsOf(world)).toHaveLength(1);
  expect(await nextOf(world)).toBe('2026-11-23T01:00:00.000Z');
  await world.work((await runsOf(world))[0]!.runId);
  world.clock.at = Date.parse('2026-11-23T01:00:00Z');
  await planRuns(world.deps);
  expect(await runsOf(world)).toHaveLength(1);
});

test('in quiet hours a run waits for their end', async () => {
  const schedule = { ...nightly, quiet: [{ from: '07:00', to: '16:00' }] };
  const world = await createSyncWorld(testDatabase, 'quiet', { roster: { schedule } });
  const runId = await world.request();
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({
    state: 'requested',
    reason: 'quiet_hours',
    notBefore: new Date('2026-11-21T15:00:00Z'),
  });
  world.clock.at = Date.parse('2026-11-21T15:00:00Z');
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', reason: null });
});

test('a plan that waited too long is discarded, and says why', async () => {
  const world = await createSyncWorld(testDatabase, 'expired', { roster: { planDays: 2 } });
  world.sis.roster = schoolOf(40);
  await world.sync();
  world.sis.roster = schoolOf(10);
  const held = await world.sync();
  expect(held.expiresAt?.getTime()).toBe(world.clock.now() + 2 * 86_400_000);
  await planRuns(world.deps);
  expect((await world.run(held.runId)).state).toBe('held');
  world.clock.at += 2 * 86_400_000;
  await planRuns(world.deps);
  expect(await world.run(held.runId)).toMatchObject({ state: 'discarded', reason: 'plan_expired' });
});

test('a run that nobody works on is found, and one that somebody has is left', async () => {
  const world = await createSyncWorld(testDatabase, 'unattended');
  const runId = await world.request();
  world.enqueued.length = 0;
  await superuser.query(`update sync_run set lease_until = now() + interval '1 minute' where run_id = $1`, [
    runId,
  ]);
  await planRuns(world.deps);
  expect(world.enqueued).toEqual([]);
  await superuser.query(`update sync_run set lease_until = now() where run_id = $1`, [runId]);
  await planRuns(world.deps);
  expect(world.enqueued).toMatchObject([{ queue: 'work_roster_run', payload: { runId } }]);
});

test('what an ended run has left behind is cleared', async () => {
  const world = await createSyncWorld(testDatabase, 'uncleared');
  world.sis.roster = schoolOf(1);
  let fails = true;
  const { engine } = world.deps;
  world.deps.engine = {
    ...engine,
    release: (run, options) =>
      fails ? Promise.reject(new Error('The database went away')) : engine.release(run, options),
  };
  const runId = await world.request();
  await expect(world.work(runId)).rejects.toThrow('The database went away');
  expect((await world.run(runId)).state).toBe('applied');
  expect(await world.hasPlace(runId)).toBe(true);
  fails = false;
  await planRuns(world.deps);
  expect(await world.hasPlace(runId)).toBe(false);
});

/** A run whose rows the engine gives back only when they cannot wait, and what it was asked. */
async function createLaunching(slug: string) {
  const world = await createSyncWorld(testDatabase, slug);
  world.sis.roster = schoolOf(1);
  const { engine } = world.deps;
  const asked: boolean[] = [];
  world.deps.engine = {
    ...engine,
    release: async (run, options) => {
      asked.push(options.canWait);
      return options.canWait ? false : engine.release(run, options);
    },
  };
  const { runId } = await world.sync();
  expect((await world.run(runId)).state).toBe('applied');
  expect(await world.hasPlace(runId)).toBe(true);
  return { world, asked, runId };
}

test('rows that cannot go while people launch are asked for every minute, and for half an hour at most', async () => {
  const { world, asked, runId } = await createLaunching('launching');
  const { rowCount } = await superuser.query('select from sync_run_entity where run_id = $1', [runId]);
  expect(rowCount).toBe(0);
  world.clock.at += 29 * 60_000;
  await planRuns(world.deps);
  expect(await world.hasPlace(runId)).toBe(true);
  world.clock.at += 60_000;
  await planRuns(world.deps);
  await planRuns(world.deps);
  expect(asked).toEqual([true, true, false]);
  expect(await world.hasPlace(runId)).toBe(false);
});

test('rows of somebody who was erased do not wait, nor does anything after the clock was set back', async () => {
  const erased = await createLaunching('launching-erased');
  await superuser.query(
    `insert into person_tombstone (tenant_id, connection_id, key_hash, erased_at)
     select tenant_id, connection_id, '', requested_at from sync_run where run_id = $1`,
    [erased.runId],
  );
  await planRuns(erased.world.deps);
  expect(erased.asked).toEqual([true, false]);
  const back = await createLaunching('launching-back');
  back.world.clock.at -= 1;
  await planRuns(back.world.deps);
  expect(back.asked).toEqual([true, false]);
});

test('plans that wait keep their room in staging while there is enough; one without is read again when approved', async () => {
  const world = await createSyncWorld(testDatabase, 'held-room', { limits: { heldInStaging: 0 } });
  world.sis.roster = schoolOf(40);
  await world.sync();
  world.sis.roster = schoolOf(10);
  const held = await world.sync();
  expect(await world.hasPlace(held.runId)).toBe(true);
  await planRuns(world.deps);
  expect(await world.hasPlace(held.runId)).toBe(false);
  await approveRun(world.deps, world.tenantId, held.runId, world.by());
  await world.work(held.runId);
  expect(await world.run(held.runId)).toMatchObject({ state: 'applied', applied: { removed: 30 } });
  expect(await world.ids('users')).toHaveLength(10);
});

test('two connections of a tenant are worked on in their order where only one may be', async () => {
  const limits = { runsPerTenant: 1 };
  const first = await createSyncWorld(testDatabase, 'order', { limits });
  const second = await createSyncWorld(testDatabase, 'order-2', { limits, tenantId: first.tenantId });
  const one = await first.request();
  second.clock.at += 1_000;
  const two = await second.request();
  await second.work(two);
  expect((await second.run(two)).state).toBe('requested');
  await first.work(one);
  expect((await first.run(one)).state).toBe('applied');
  expect(first.enqueued.at(-1)).toMatchObject({ queue: 'work_roster_run', payload: { runId: two } });
  await second.work(two);
  expect((await second.run(two)).state).toBe('applied');
});

test('the job of every minute plans runs, and one tenant’s failure stops no other', async () => {
  const roster = { schedule: { zone: 'UTC', full: '0 3 * * *' } };
  const [broken, sound] = [
    await createSyncWorld(testDatabase, 'broken', { roster }),
    await createSyncWorld(testDatabase, 'sound', { roster }),
  ];
  await superuser.query(`update roster_source set connector = 'gone' where connection_id = $1`, [
    broken.connectionId,
  ]);
  sound.clock.at += 86_400_000;
  const worker = syncWorkers(sound.deps).find(({ queue }) => queue === planRosterRuns)!;
  await worker.run({}, { jobId: 'job', signal: new AbortController().signal });
  expect(await runsOf(broken)).toEqual([]);
  expect(await runsOf(sound)).toHaveLength(1);
});

test('runs that have ended are copied into exchanges, each once, under their partner', async () => {
  const world = await createSyncWorld(testDatabase, 'copied', { roster: { vendor: 'skyward' } });
  world.sis.roster = schoolOf(1);
  const applied = await world.sync();
  const dry = await world.sync({ isDry: true });
  const open = await world.request();
  await database.withRollup((tx) => copyEndedRuns(tx, 100));
  expect(await database.withRollup((tx) => copyEndedRuns(tx, 100))).toBe(0);
  const { rows } = await superuser.query(
    `select e.exchange_id, e.kind, e.partner, e.outcome, e.reason, e.attempts, a.attempt
     from exchange e join exchange_attempt a using (tenant_id, exchange_id)
     where tenant_id = $1 order by e.exchange_id`,
    [world.tenantId],
  );
  const of = { kind: 'sync_run', partner: 'skyward', attempts: 1, attempt: 1 };
  expect(rows).toEqual([
    { ...of, exchange_id: applied.runId, outcome: 'success', reason: null },
    { ...of, exchange_id: dry.runId, outcome: 'suppressed', reason: 'dry_run' },
  ]);
  expect((await world.run(open)).endedAt).toBeNull();
});
