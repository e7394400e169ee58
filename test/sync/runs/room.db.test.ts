import { afterEach, expect, test } from 'vitest';
import { ConnectorError } from '../../../contracts/connector.ts';
import type { RunId } from '../../../contracts/ids.ts';
import { planRuns } from '../../../src/sync/runs/plan-runs.ts';
import { connectRoster } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const places = 6;

// Each test begins with all places free.
afterEach(async () => {
  await superuser.query(
    `update sync_run set ended_at = now(), outcome = 'suppressed', state = 'cancelled', cleared = true
     where ended_at is null`,
  );
  await superuser.query(
    'update staging.place set tenant_id = null, run_id = null, holder = null, taken_at = null',
  );
});

/** Takes so many places, by runs of another school that have a long way to go. */
async function occupy(count: number): Promise<void> {
  const other = await createSyncWorld(testDatabase, `crowd-${Math.floor(performance.now() * 1_000)}`);
  for (let number = 1; number <= count; number += 1) {
    const runId = await other.request();
    await superuser.query(
      `update staging.place set tenant_id = $1, run_id = $2::uuid, holder = $2::uuid
       where place = (select min(place) from staging.place where run_id is null)`,
      [other.tenantId, runId],
    );
    await superuser.query(
      `update sync_run set state = 'reading', started_at = now(), lease_token = gen_random_uuid(),
         lease_until = now() + interval '1 hour' where run_id = $1`,
      [runId],
    );
  }
}

/** A run of the crowd has ended. */
async function leave(): Promise<void> {
  await superuser.query(
    `update staging.place set tenant_id = null, run_id = null, holder = null
     where place = (select max(place) from staging.place where run_id is not null)`,
  );
}

test('where there is no room a run waits, and that is nobody’s failure', async () => {
  const world = await createSyncWorld(testDatabase, 'no-room');
  world.sis.roster = schoolOf(2);
  await occupy(places);
  const runId = await world.request();
  for (let tries = 0; tries < 15; tries += 1) {
    await world.work(runId);
    expect(await world.run(runId)).toMatchObject({ endedAt: null, reason: 'staging_full' });
    world.clock.at += 61_000;
  }
  await leave();
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', reason: null });
});

test('a run that waits for room goes before those of others that come after it', async () => {
  const [patient, greedy] = [
    await createSyncWorld(testDatabase, 'patient'),
    await createSyncWorld(testDatabase, 'greedy'),
  ];
  for (const world of [patient, greedy]) world.sis.roster = schoolOf(2);
  await occupy(places);
  const first = await patient.request();
  await patient.work(first);
  const second = await greedy.request();
  await leave();
  // Its job comes first, as it would where one tenant has many.
  await greedy.work(second);
  expect(await greedy.run(second)).toMatchObject({ state: 'requested', reason: 'staging_full' });
  patient.clock.at += 61_000;
  await patient.work(first);
  expect((await patient.run(first)).state).toBe('applied');
  greedy.clock.at += 61_000;
  await greedy.work(second);
  expect((await greedy.run(second)).state).toBe('applied');
});

test('one that waited for room and does not come any more holds nobody up', async () => {
  const [gone, next] = [
    await createSyncWorld(testDatabase, 'gone'),
    await createSyncWorld(testDatabase, 'next'),
  ];
  for (const world of [gone, next]) world.sis.roster = schoolOf(2);
  await occupy(places);
  await gone.work(await gone.request());
  await leave();
  next.clock.at += 120_000;
  const runId = await next.request();
  await next.work(runId);
  expect((await next.run(runId)).state).toBe('applied');
});

test('when a run gives its room back, the one that waits longest is told at once', async () => {
  const [ending, waiting] = [
    await createSyncWorld(testDatabase, 'ending'),
    await createSyncWorld(testDatabase, 'waiting'),
  ];
  for (const world of [ending, waiting]) world.sis.roster = schoolOf(2);
  await occupy(places - 1);
  let runId: RunId | undefined;
  ending.sis.beforePage = async () => {
    if (runId !== undefined) return;
    runId = await waiting.request();
    await waiting.work(runId);
    expect((await waiting.run(runId)).reason).toBe('staging_full');
  };
  await ending.sync();
  expect(ending.enqueued.at(-1)).toMatchObject({ queue: 'work_roster_run', payload: { runId } });
  waiting.clock.at = ending.clock.at;
  await waiting.work(runId!);
  expect((await waiting.run(runId!)).state).toBe('applied');
});

test('sources that are down do not keep the rooms that others need', async () => {
  const down: { world: SyncWorld; runId: RunId }[] = [];
  for (let number = 1; number <= places; number += 1) {
    const world = await createSyncWorld(testDatabase, `down-${number}`);
    world.sis.roster = schoolOf(5);
    world.sis.beforePage = async (entity, page) => {
      if (entity === 'users' && page === 1) throw new ConnectorError('unavailable', 'busy', 'Wait.');
    };
    const runId = await world.request();
    await world.work(runId);
    down.push({ world, runId });
  }
  const world = await createSyncWorld(testDatabase, 'up');
  world.sis.roster = schoolOf(2);
  await planRuns(world.deps);
  expect(await world.sync()).toMatchObject({ state: 'applied' });
  // Those that lost their room begin anew.
  for (const { world: each, runId } of down) {
    each.sis.beforePage = async () => undefined;
    each.clock.at += 120_000;
    await each.work(runId);
    expect(await each.run(runId)).toMatchObject({ state: 'applied', progress: { users: { rows: 5 } } });
  }
});

test('a run that was put off while it was applied keeps its room: there stands what of it is in the roster', async () => {
  let fails = true;
  const world = await createSyncWorld(testDatabase, 'applying', {
    limits: { heldInStaging: 0 },
    engine: (engine) => ({
      ...engine,
      apply: async (...given) => {
        const applied = await engine.apply(...given);
        if (fails) throw new Error('The answer was lost');
        return applied;
      },
    }),
  });
  world.sis.roster = schoolOf(2);
  const runId = await world.request();
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applying', reason: 'internal' });
  await planRuns(world.deps);
  expect(await world.hasPlace(runId)).toBe(true);
  fails = false;
  world.clock.at += 61_000;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', applied: { created: 4 } });
});

test('a tenant with a dozen rosters asked for at once has two under way, and all of them come to their turn', async () => {
  const world = await createSyncWorld(testDatabase, 'dozen');
  world.sis.roster = schoolOf(1);
  const runs: RunId[] = [];
  for (let number = 0; number < 12; number += 1) {
    const { connectionId } = await connectRoster(
      world.deps,
      world.tenantId,
      { connector: 'memory', name: `SIS ${number}`, settings: { address: 'there' } },
      world.by(),
    );
    runs.push(await world.request({}, connectionId));
  }
  let [working, most] = [0, 0];
  world.sis.beforePage = async (entity) => {
    if (entity !== 'orgs') return;
    working += 1;
    most = Math.max(most, working);
    await new Promise(setImmediate);
    working -= 1;
  };
  // As workers do: four at a time take what is in the queue.
  while (world.enqueued.length > 0) {
    const jobs = world.enqueued.splice(0, 4).filter(({ queue }) => queue === 'work_roster_run');
    await Promise.all(jobs.map(({ payload }) => world.work(payload.runId!)));
  }
  for (const runId of runs) expect((await world.run(runId)).state).toBe('applied');
  expect(most).toBeLessThanOrEqual(2);
});
