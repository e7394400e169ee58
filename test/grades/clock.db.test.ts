import { beforeEach, describe, expect, test } from 'vitest';
import { listDueConnections, recallLines } from '../../src/grades/sweep-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { scoreOf } from '../support/grades.ts';
import { type DeliveryWorld, openDeliveryWorld } from './delivery-world.ts';
import { endLeases } from './end-leases.ts';

const test_ = await createTestDatabase();
const day = 86_400_000;
let world: DeliveryWorld;

beforeEach(async () => {
  world = await openDeliveryWorld(test_);
});

/** What a sweep does before it starts drains. @returns whether it would start one for the school */
async function sweep(): Promise<boolean> {
  const now = new Date(world.now());
  const due = await test_.database.withRollup((tx) => listDueConnections(tx, now));
  const found = due.find(({ connectionId }) => connectionId === world.school.connectionId);
  if (found?.ahead === true) {
    await recallLines(test_.database.tenant(found.tenantId), found.connectionId, now);
  }
  return found !== undefined;
}

describe('a clock that ran a day ahead and was set right', () => {
  test('leaves no connection with a bucket that does not fill', async () => {
    world.lms.rate = { perSecond: 2, burst: 3 };
    for (let person = 0; person < 5; person++) await world.accept(scoreOf(world.school, 1, { person }));
    world.pass(day);
    await world.drain();
    expect(world.lms.posts).toBe(3);
    world.pass(-day);
    await world.drain();
    expect(world.lms.posts).toBe(5);
    for (let person = 0; person < 5; person++) await world.accept(scoreOf(world.school, 2, { person }));
    // From here on it holds what the right clock says.
    await world.drain();
    expect(world.lms.posts).toBe(6);
    world.pass(1_000);
    await world.drain();
    expect(world.lms.posts).toBe(8);
  });

  test('puts off no score that came meanwhile', async () => {
    world.pass(day);
    await world.accept(scoreOf(world.school, 1));
    world.pass(-day);
    // The database's clock and this one are of the same moment, give or take what the test has used up.
    world.pass(60_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(1);
  });

  test('keeps neither a connection blocked nor a line waiting', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.pass(day);
    world.lms.before = () => ({ kind: 'throttled', httpStatus: 429, reason: 'throttled' });
    await world.drain();
    world.pass(-day);
    world.lms.before = () => undefined;
    expect(await sweep()).toBe(true);
    await world.drain();
    expect(world.lms.stored).toHaveLength(1);
    expect(await world.route()).toMatchObject({ blocked_until: null });
  });

  test('takes no line from the worker that holds it', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.pass(day);
    const answer = Promise.withResolvers<undefined>();
    world.lms.before = () => answer.promise;
    const running = world.startDrain();
    await expect.poll(() => world.lms.posts).toBe(1);
    world.pass(-day);
    await sweep();
    await world.drain();
    expect(world.lms.posts).toBe(1);
    answer.resolve(undefined);
    await running.done;
    expect(await world.line()).toMatchObject({ pending: 0, due_at: null });
  });
});

test('a real wait is no sign of a clock that ran ahead', async () => {
  await world.accept(scoreOf(world.school, 1));
  world.lms.before = () => ({
    kind: 'throttled',
    httpStatus: 429,
    reason: 'throttled',
    retryAfterMs: 30 * day,
  });
  await world.drain();
  const { due_at } = await world.line();
  expect(await sweep()).toBe(false);
  expect((await world.line()).due_at).toEqual(due_at);
});

test('a clock that jumps gives no score up', async () => {
  await world.accept(scoreOf(world.school, 1));
  world.lms.before = () => ({ kind: 'temporary', httpStatus: 503, reason: 'server_error', maybeSent: false });
  await world.drain();
  world.pass(30 * day);
  await world.drain();
  expect(await world.deliveries()).toMatchObject([{ state: 'pending' }]);
});

test.each(['a worker whose clock jumps', 'a worker whose lease is over'])(
  '%s does not send again what it has in the air',
  async (worker) => {
    for (let person = 0; person < 4; person++) await world.accept(scoreOf(world.school, 1, { person }));
    const answer = Promise.withResolvers<undefined>();
    world.lms.before = () => answer.promise;
    const running = world.startDrain();
    await expect.poll(() => world.lms.posts).toBe(4);
    const before = await world.line();
    if (worker.includes('clock')) {
      world.pass(day);
      running.nudge();
      await world.drain();
    } else {
      await endLeases(test_.superuser);
      running.nudge();
      await expect.poll(async () => (await world.line()).lease_token).not.toEqual(before.lease_token);
    }
    answer.resolve(undefined);
    await running.done;
    expect(world.lms.posts).toBe(4);
    expect(await world.deliveries()).toEqual(
      Array(4).fill({ state: 'delivered', reason: null, outcome: 'success', tries: 'success' }),
    );
  },
);
