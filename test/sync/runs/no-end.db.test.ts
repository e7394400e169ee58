import { expect, test } from 'vitest';
import type { RunId } from '../../../contracts/ids.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { cancelRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

/** As after kill −9: a copy has taken the run up, and nothing is heard of it any more. */
const dieOver = (runId: RunId) =>
  superuser.query(
    'update sync_run set tries = tries + 1, failures = failures + 1, lease_until = null where run_id = $1',
    [runId],
  );

test('a run that ends every copy that takes it up is given up in the end', async () => {
  const world = await createSyncWorld(testDatabase, 'deadly');
  world.sis.roster = schoolOf(2);
  const runId = await world.request();
  for (let deaths = 0; deaths < 9; deaths += 1) {
    expect(await world.run(runId)).toMatchObject({ endedAt: null });
    await dieOver(runId);
  }
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'failed', reason: 'run_breaks_off' });
  expect(world.sis.reads).toEqual([]);
});

test('a plan that is stale whenever it is applied is not made anew for ever', async () => {
  let plans = 0;
  const world = await createSyncWorld(testDatabase, 'always-stale', {
    engine: (engine) => ({
      ...engine,
      plan: (...given) => {
        plans += 1;
        return engine.plan(...given);
      },
      apply: () => Promise.reject(new DomainError('conflict', 'plan_stale', 'The roster has changed.')),
    }),
  });
  world.sis.roster = schoolOf(2);
  const runId = await world.request();
  for (let tries = 0; (await world.run(runId)).endedAt === null && tries < 50; tries += 1) {
    await world.work(runId);
    if ((await world.run(runId)).notBefore !== null) world.clock.at += 3_600_000;
  }
  expect(await world.run(runId)).toMatchObject({ state: 'failed', reason: 'plan_stale' });
  expect(plans).toBeLessThan(20);
  // A dozen plans are made, on a machine that may be busy.
}, 60_000);

test('a source that gives nothing for long is asked again later', async () => {
  const world = await createSyncWorld(testDatabase, 'silent', { limits: { silenceMs: 50 } });
  world.sis.roster = schoolOf(5);
  let silent = true;
  world.sis.beforePage = async (entity, page) => {
    if (silent && entity === 'users' && page === 1) await new Promise(() => undefined);
  };
  const runId = await world.request();
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'reading', reason: 'source_silent' });
  silent = false;
  world.clock.at += 61_000;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied', reason: null });
});

test('a run whose source does not even hear that it shall stop is cancelled all the same', async () => {
  const world = await createSyncWorld(testDatabase, 'deaf', { limits: { leaseMs: 200, graceMs: 50 } });
  world.sis.roster = schoolOf(5);
  const reached = Promise.withResolvers<void>();
  world.sis.beforePage = async (entity, page) => {
    if (entity !== 'users' || page !== 1) return;
    reached.resolve();
    await new Promise(() => undefined);
  };
  const runId = await world.request();
  const working = world.work(runId);
  await reached.promise;
  await cancelRun(world.deps, world.tenantId, runId, world.by());
  await working;
  expect(await world.run(runId)).toMatchObject({ state: 'cancelled', reason: 'cancelled' });
  expect(await world.hasPlace(runId)).toBe(false);
});
