import { expect, test } from 'vitest';
import { ConnectorError } from '../../../contracts/connector.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

test('a run brings the roster, and the next one what has changed', async () => {
  const world = await createSyncWorld(testDatabase, 'plain');
  world.sis.roster = schoolOf(5);
  const first = await world.sync();
  expect(first).toMatchObject({
    state: 'applied',
    runNo: 1,
    holds: [],
    progress: { users: { rows: 5, done: true } },
    applied: { created: 7, changed: 0, removed: 0, restored: 0 },
  });
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  expect(await world.hasPlace(first.runId)).toBe(false);
  world.sis.roster.users!.pop();
  world.sis.roster.users![0]!.givenName = 'Renamed';
  const second = await world.sync();
  expect(second).toMatchObject({
    state: 'applied',
    runNo: 2,
    applied: { created: 0, changed: 1, removed: 1 },
  });
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2', 'u3']);
  expect(world.enqueued.filter(({ queue }) => queue === 'link_roster_people')).toHaveLength(2);
});

test('a dry run ends with its plan and changes nothing', async () => {
  const world = await createSyncWorld(testDatabase, 'dry');
  world.sis.roster = schoolOf(3);
  const run = await world.sync({ isDry: true });
  expect(run).toMatchObject({ state: 'planned', reason: 'dry_run', applied: null });
  expect(run.endedAt).not.toBeNull();
  expect(run.plan?.counts.reduce((sum, { created }) => sum + created, 0)).toBe(5);
  expect(await world.ids('users')).toEqual([]);
  expect(await world.hasPlace(run.runId)).toBe(false);
});

test('a delta begins where the last applied run has left each entity, and is a full run where none has', async () => {
  const world = await createSyncWorld(testDatabase, 'delta');
  world.sis.roster = schoolOf(1);
  expect(await world.sync({ mode: 'delta' })).toMatchObject({ mode: 'full', state: 'applied' });
  world.sis.state = 'cursor 2';
  expect(await world.sync({ mode: 'delta' })).toMatchObject({ mode: 'delta', state: 'applied' });
  await world.sync({ mode: 'delta' });
  const users = world.sis.reads.filter(({ entity }) => entity === 'users');
  expect(users.map(({ mode, state }) => [mode, state])).toEqual([
    ['full', undefined],
    ['delta', 'cursor 1'],
    ['delta', 'cursor 2'],
  ]);
});

test('a source that is down for a while is asked again later, from where it was left', async () => {
  const world = await createSyncWorld(testDatabase, 'down');
  world.sis.roster = schoolOf(5);
  world.sis.beforePage = async (entity, page) => {
    if (entity === 'users' && page === 1)
      throw new ConnectorError('unavailable', 'busy', 'Wait for the source.');
  };
  const runId = await world.request();
  await world.work(runId);
  const waiting = await world.run(runId);
  expect(waiting).toMatchObject({
    state: 'reading',
    reason: 'busy',
    advice: 'Wait for the source.',
    endedAt: null,
  });
  expect(waiting.notBefore?.getTime()).toBe(world.clock.now() + 60_000);
  expect(world.enqueued.at(-1)).toMatchObject({ queue: 'work_roster_run', startAfterSeconds: 60 });
  await world.work(runId);
  expect((await world.run(runId)).state).toBe('reading');
  world.sis.beforePage = async () => undefined;
  world.clock.at += 61_000;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', reason: null });
  expect(await world.ids('users')).toHaveLength(5);
  expect(world.sis.reads.filter(({ entity }) => entity === 'users')).toMatchObject([
    { resumes: false },
    { resumes: true, state: '2' },
  ]);
});

test('settings that cannot work fail the run at once, with what to do', async () => {
  const world = await createSyncWorld(testDatabase, 'settings');
  world.sis.roster = schoolOf(1);
  world.sis.beforePage = async () => {
    throw new ConnectorError('settings', 'secret_refused', 'Enter the secret again.');
  };
  const run = await world.sync();
  expect(run).toMatchObject({ state: 'failed', reason: 'secret_refused', advice: 'Enter the secret again.' });
  expect(await world.hasPlace(run.runId)).toBe(false);
  const { rows } = await superuser.query('select outcome from sync_run where run_id = $1', [run.runId]);
  expect(rows).toEqual([{ outcome: 'failed_config' }]);
});

test('a source that stays down is given up in the end', async () => {
  const world = await createSyncWorld(testDatabase, 'stays-down');
  world.sis.roster = schoolOf(1);
  world.sis.beforePage = async () => {
    throw new ConnectorError('unavailable', 'busy', 'Wait.');
  };
  const runId = await world.request();
  let tries = 0;
  for (; (await world.run(runId)).endedAt === null && tries < 20; tries++) {
    await world.work(runId);
    world.clock.at += 3_600_000;
  }
  expect(await world.run(runId)).toMatchObject({ state: 'failed', reason: 'busy' });
  expect(tries).toBe(9);
});

test('an entity whose staged rows are not those that were counted is read again', async () => {
  const world = await createSyncWorld(testDatabase, 'miscounted');
  world.sis.roster = schoolOf(5);
  world.sis.beforePage = async (entity, page) => {
    if (entity === 'users' && page === 2) throw new ConnectorError('unavailable', 'busy', 'Wait.');
  };
  const runId = await world.request();
  await world.work(runId);
  // As after a kill between writing rows and writing down how many they are.
  await superuser.query(
    `update sync_run_entity set rows = 2, checkpoint = '2' where run_id = $1 and entity = 'users'`,
    [runId],
  );
  world.sis.beforePage = async () => undefined;
  world.clock.at += 61_000;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', progress: { users: { rows: 5 } } });
  expect(world.sis.reads.filter(({ entity }) => entity === 'users')).toMatchObject([
    { resumes: false },
    { resumes: false },
  ]);
  expect(world.sis.reads.filter(({ entity }) => entity === 'orgs')).toHaveLength(1);
});

test('rows lost from staging after reading send the run back to its reading', async () => {
  const stop = new AbortController();
  const world = await createSyncWorld(testDatabase, 'lost', {
    engine: (engine) => ({
      ...engine,
      validate: async (...given) => {
        await engine.validate(...given);
        stop.abort();
      },
    }),
  });
  world.sis.roster = schoolOf(4);
  const runId = await world.request();
  await world.work(runId, stop.signal);
  expect(await world.run(runId)).toMatchObject({ state: 'validated', endedAt: null });
  const { rows } = await superuser.query('select place from staging.place where run_id = $1', [runId]);
  await superuser.query(`truncate staging_${rows[0].place}.staged_user`);
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', applied: { created: 6 } });
});

test('a copy that stops hands its run back, and the next goes on without reading again', async () => {
  const world = await createSyncWorld(testDatabase, 'stop');
  world.sis.roster = schoolOf(4);
  const stop = new AbortController();
  world.sis.beforePage = async (entity) => {
    if (entity === 'users') stop.abort();
  };
  const runId = await world.request();
  await world.work(runId, stop.signal);
  expect(await world.run(runId)).toMatchObject({ state: 'reading', endedAt: null });
  const { rows } = await superuser.query(
    'select lease_token, failures, tries from sync_run where run_id = $1',
    [runId],
  );
  expect(rows).toEqual([{ lease_token: null, failures: 0, tries: 1 }]);
  world.sis.beforePage = async () => undefined;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', applied: { created: 6 } });
  expect(world.sis.reads.filter(({ entity }) => entity === 'orgs')).toHaveLength(1);
});

test('while one copy works on a run, no other does', async () => {
  const world = await createSyncWorld(testDatabase, 'two-copies');
  world.sis.roster = schoolOf(2);
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  world.sis.beforePage = async (entity) => {
    if (entity !== 'users') return;
    reached.resolve();
    await go.promise;
  };
  const runId = await world.request();
  const working = world.work(runId);
  await reached.promise;
  await world.work(runId);
  expect(world.sis.reads.filter(({ entity }) => entity === 'users')).toHaveLength(1);
  go.resolve();
  await working;
  expect((await world.run(runId)).state).toBe('applied');
});

test('a run whose copy died is taken up when its lease is over, and the dead copy writes nothing any more', async () => {
  const world = await createSyncWorld(testDatabase, 'dead-copy', { limits: { leaseMs: 60_000 } });
  world.sis.roster = schoolOf(4);
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let stuck = true;
  world.sis.beforePage = async (entity, page) => {
    if (!stuck || entity !== 'users' || page !== 1) return;
    stuck = false;
    reached.resolve();
    await go.promise;
  };
  const runId = await world.request();
  const frozen = world.work(runId);
  await reached.promise;
  await superuser.query(`update sync_run set lease_until = now() - interval '1 second' where run_id = $1`, [
    runId,
  ]);
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', applied: { created: 6 } });
  go.resolve();
  await frozen;
  expect(await world.run(runId)).toMatchObject({ state: 'applied', applied: { created: 6 } });
  expect(await world.ids('users')).toHaveLength(4);
});
