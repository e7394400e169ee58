import { expect, test } from 'vitest';
import {
  reconcileGrades,
  reconcileWorkers,
  removeScoresOfTheEnded,
} from '../../src/grades/reconcile-jobs.ts';
import { keepScoresForMs } from '../../src/grades/retention.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, refusal } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const [north, south, idle] = [
  await createDeliveryWorld(testDatabase, 'north'),
  await createDeliveryWorld(testDatabase, 'south'),
  await createDeliveryWorld(testDatabase, 'idle'),
];

const enqueued: { payload: object; singletonKey: string }[] = [];
let now = Date.now();
const workers = reconcileWorkers({
  ...north.services,
  db: database,
  clock: { now: () => now },
  enqueue: async (_tx, _queue, payload, { singletonKey }) => enqueued.push({ payload, singletonKey }),
});
const run = (queue: object, payload = {}, signal = new AbortController().signal) =>
  workers.find((worker) => worker.queue === queue)!.run(payload, { jobId: 'job', signal });

test('the daily job puts in one job for each connection with something to compare, and each compares it', async () => {
  for (const world of [north, south]) {
    await world.accept(1);
    await world.drain();
  }
  await run(reconcileGrades, {}, AbortSignal.abort());
  expect(enqueued).toEqual([]);
  await run(reconcileGrades);
  const jobs = [north, south].map(({ school: { tenantId, connectionId } }) => ({
    payload: { tenantId, connectionId },
    singletonKey: connectionId,
  }));
  const byKey = (a: { singletonKey: string }, b: { singletonKey: string }) =>
    a.singletonKey < b.singletonKey ? -1 : 1;
  expect(enqueued.toSorted(byKey)).toEqual(jobs.toSorted(byKey));
  await run(reconcileGrades, jobs[0]!.payload);
  expect(await north.lines()).toMatchObject([{ drift: 'missing' }]);
  expect(await south.lines()).toMatchObject([{ drift: null }]);
});

test('a job holds the ids of one connection or nothing', () => {
  expect(() => run(reconcileGrades, { tenantId: north.school.tenantId })).toThrow();
  expect(() => run(removeScoresOfTheEnded, { tenantId: north.school.tenantId })).toThrow();
});

test('old scores of every tenant are taken out', async () => {
  for (const world of [north, south, idle]) {
    world.lms.before = () => refusal;
    await world.accept(2);
    await world.drain();
  }
  now += keepScoresForMs + 60_000;
  await run(removeScoresOfTheEnded);
  const { rows } = await superuser.query(
    `select state, count(*) filter (where score is null)::int as removed, count(*)::int as all from grade_delivery
     group by state order by state`,
  );
  expect(rows).toEqual([
    { state: 'delivered', removed: 0, all: 2 },
    { state: 'refused', removed: 3, all: 3 },
  ]);
});
