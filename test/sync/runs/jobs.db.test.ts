import { afterAll, expect, test } from 'vitest';
import { migrateJobs } from '../../../src/platform/jobs/migrate-jobs.ts';
import { openJobs } from '../../../src/platform/jobs.ts';
import { telemetryOff } from '../../../src/platform/telemetry.ts';
import { approveRun, syncQueues, syncWorkers } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, quietLog, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { url } = testDatabase;
await migrateJobs(url, syncQueues);
const world = await createSyncWorld(testDatabase, 'queue');
const jobs = await openJobs({
  url,
  log: quietLog,
  telemetry: telemetryOff,
  workers: syncWorkers(world.deps),
  pollSeconds: 0.5,
});
afterAll(() => jobs.stop(1_000));
world.deps.enqueue = jobs.enqueue;

const until = (runId: Parameters<typeof world.run>[0], state: string) =>
  expect.poll(async () => (await world.run(runId)).state, { timeout: 15_000 }).toBe(state);

test('what is asked for is done by the workers of the queue, and goes on after an approval', async () => {
  world.sis.roster = schoolOf(30);
  await until(await world.request(), 'applied');
  world.sis.roster = schoolOf(5);
  const held = await world.request();
  await until(held, 'held');
  await approveRun(world.deps, world.tenantId, held, world.by());
  await until(held, 'applied');
  expect(await world.ids('users')).toHaveLength(5);
});

test('runs that were asked for together are done one after the other', async () => {
  const runs = [await world.request(), await world.request(), await world.request()];
  for (const runId of runs) await until(runId, 'applied');
  const ended = await Promise.all(
    runs.map(async (runId) => (await world.run(runId)).endedAt?.getTime() ?? 0),
  );
  expect(ended).toEqual(ended.toSorted((a, b) => a - b));
});
