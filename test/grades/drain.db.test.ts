import { beforeEach, describe, expect, test } from 'vitest';
import { giveUpAfterMs } from '../../src/grades/back-off.ts';
import type { SendResult } from '../../src/grades/destination.ts';
import { createTestDatabase } from '../support/database.ts';
import { scoreOf } from '../support/grades.ts';
import { type DeliveryWorld, openDeliveryWorld } from './delivery-world.ts';
import { endLeases } from './end-leases.ts';

const test_ = await createTestDatabase();
let world: DeliveryWorld;

beforeEach(async () => {
  world = await openDeliveryWorld(test_);
});

const temporary: SendResult = { kind: 'temporary', reason: 'server_error', httpStatus: 500, maybeSent: true };

describe('a line', () => {
  test('is delivered, and nothing is left of it to do', async () => {
    await world.accept(scoreOf(world.school, 1));
    await world.drain();
    expect(world.lms.stored).toMatchObject([{ key: 'https://lms.example/items/0 lms-0', scoreGiven: 1 }]);
    expect(await world.deliveries()).toEqual([
      { state: 'delivered', reason: null, outcome: 'success', tries: 'success' },
    ]);
    expect(await world.line()).toMatchObject({ pending: 0, due_at: null, lease_token: null, tries: 0 });
  });

  test('sends the newest of scores that tell the same, and ends the others', async () => {
    for (const second of [1, 2, 3]) await world.accept(scoreOf(world.school, second));
    await world.drain();
    expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([3]);
    expect((await world.deliveries()).map(({ state }) => state)).toEqual([
      'superseded',
      'superseded',
      'delivered',
    ]);
  });

  test('sends every step where progress changes, in order', async () => {
    await world.accept(scoreOf(world.school, 1, { activityProgress: 'Started', scoreGiven: null }));
    await world.accept(scoreOf(world.school, 2, { activityProgress: 'Submitted' }));
    await world.accept(scoreOf(world.school, 3, { activityProgress: 'Submitted' }));
    await world.accept(scoreOf(world.school, 4));
    await world.drain();
    expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([null, 3, 4]);
    expect((await world.deliveries()).map(({ state }) => state)).toEqual([
      'delivered',
      'superseded',
      'delivered',
      'delivered',
    ]);
  });

  test('waits longer after each failure, and goes on by itself', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.lms.before = () => temporary;
    await world.drain();
    expect(await world.line()).toMatchObject({ pending: 1, tries: 1, lease_token: null, maybe_sent: true });
    const first = (await world.line()).due_at.getTime() - world.now();
    await world.drain();
    expect(world.lms.posts).toBe(1);
    world.pass(first);
    await world.drain();
    expect((await world.line()).due_at.getTime() - world.now()).toBeGreaterThan(first);
    world.lms.before = () => undefined;
    world.pass(60_000);
    await world.drain();
    expect(await world.deliveries()).toEqual([
      {
        state: 'delivered',
        reason: null,
        outcome: 'success',
        tries: 'failed_partner,failed_partner,success',
      },
    ]);
  });

  test('that was stored though the LMS answered 500 is delivered once', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.lms.after = () => temporary;
    await world.drain();
    world.pass(60_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(1);
    expect((await world.deliveries())[0]).toMatchObject({
      state: 'delivered',
      tries: 'failed_partner,success',
    });
  });

  test('is given up after days of failures, and can be seen', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.lms.before = () => temporary;
    const began = world.now();
    while ((await world.line()).due_at !== null) {
      await world.drain();
      const { due_at } = await world.line();
      if (due_at !== null) world.pass(due_at.getTime() - world.now());
    }
    expect(world.now() - began).toBeGreaterThanOrEqual(giveUpAfterMs);
    expect(world.now() - began).toBeLessThan(giveUpAfterMs + 7_200_000);
    expect(await world.deliveries()).toMatchObject([
      { state: 'expired', reason: 'gave_up', outcome: 'failed_partner' },
    ]);
    expect(await world.line()).toMatchObject({ pending: 0, due_at: null });
  });

  test('is not given up for the days in which its connection was paused', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.lms.before = () => temporary;
    await world.drain();
    const setState = (state: string) =>
      test_.superuser.query('update grade_route set state = $2 where tenant_id = $1', [
        world.school.tenantId,
        state,
      ]);
    await setState('paused');
    world.pass(2 * giveUpAfterMs);
    await world.drain();
    await setState('running');
    await world.drain();
    expect(await world.deliveries()).toMatchObject([
      { state: 'pending', tries: 'failed_partner,failed_partner' },
    ]);
  });

  test('whose deliveries are gone is let go, and takes up what comes', async () => {
    await world.accept(scoreOf(world.school, 1));
    await test_.superuser.query('delete from grade_delivery where tenant_id = $1', [world.school.tenantId]);
    await world.drain();
    expect(await world.line()).toMatchObject({ pending: 0, due_at: null, lease_token: null });
    await world.accept(scoreOf(world.school, 2));
    await world.drain();
    expect(await world.deliveries()).toMatchObject([{ state: 'delivered', tries: 'success' }]);
  });

  test('that counts wrongly keeps no other from being written down', async () => {
    for (const second of [1, 2]) await world.accept(scoreOf(world.school, second));
    await test_.superuser.query('update grade_line set pending = 1 where tenant_id = $1', [
      world.school.tenantId,
    ]);
    await world.accept(scoreOf(world.school, 3, { person: 1 }));
    await world.drain();
    expect((await world.deliveries()).map(({ state }) => state)).toEqual([
      'superseded',
      'delivered',
      'delivered',
    ]);
  });

  test('ends a refused score and still sends the older one it would have replaced', async () => {
    await world.accept(scoreOf(world.school, 1));
    await world.accept(scoreOf(world.school, 2));
    world.lms.before = ({ score }) =>
      score.scoreGiven === 2 ? { kind: 'permanent', httpStatus: 422, reason: 'score_invalid' } : undefined;
    await world.drain();
    expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([1]);
    expect((await world.deliveries()).map(({ state }) => state)).toEqual(['delivered', 'refused']);
  });

  test('of somebody the connection does not know any more ends without a try', async () => {
    await world.accept(scoreOf(world.school, 1));
    await test_.superuser.query(`delete from person_link where tenant_id = $1`, [world.school.tenantId]);
    await world.drain();
    expect(world.lms.posts).toBe(0);
    expect(await world.deliveries()).toMatchObject([{ state: 'refused', reason: 'person_left' }]);
  });

  test('whose holder is gone is taken over when the lease ends, and the lost try is on record', async () => {
    await world.accept(scoreOf(world.school, 1));
    // The LMS stores it and its answer never comes: the worker is gone.
    const gone = Promise.withResolvers<SendResult>();
    world.lms.after = () => undefined;
    world.lms.before = async () => {
      world.lms.before = () => undefined;
      world.lms.gradebook.set('https://lms.example/items/0 lms-0', {
        timestamp: Date.UTC(2026, 2, 1) + 1_000,
        scoreGiven: 1,
      });
      return gone.promise;
    };
    const lost = world.startDrain();
    await expect.poll(() => world.lms.posts).toBe(1);
    await world.drain();
    expect(world.lms.posts).toBe(1);
    await endLeases(test_.superuser);
    await world.drain();
    expect(await world.deliveries()).toMatchObject([
      { state: 'delivered', tries: 'expired_unknown,success' },
    ]);
    // The one that comes back late changes nothing any more.
    gone.resolve(temporary);
    await lost.done;
    expect(await world.line()).toMatchObject({ pending: 0, tries: 0, lease_token: null });
  });

  test('accepts a newer score while an older one is in the air, and sends it afterwards', async () => {
    await world.accept(scoreOf(world.school, 1));
    const answer = Promise.withResolvers<undefined>();
    world.lms.before = () => answer.promise;
    const running = world.startDrain();
    await expect.poll(() => world.lms.posts).toBe(1);
    await world.accept(scoreOf(world.school, 2));
    expect(world.lms.posts).toBe(1);
    answer.resolve(undefined);
    await running.done;
    expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([1, 2]);
  });

  test('waits where the destination says it may not go yet, without a try on record', async () => {
    await world.accept(scoreOf(world.school, 1));
    const until = new Date(world.now() + 1_500);
    world.lms.before = () => (world.now() < until.getTime() ? { kind: 'wait', until } : undefined);
    await world.drain();
    expect(await world.line()).toMatchObject({ pending: 1, tries: 0, due_at: until });
    world.pass(1_500);
    await world.drain();
    expect(await world.deliveries()).toMatchObject([{ state: 'delivered', tries: 'success' }]);
  });
});

test('two workers and a moody LMS end with the last score of each person on each item', async () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  world.lms.before = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const dice = random();
    if (dice < 0.1) return temporary;
    return dice < 0.12 ? { kind: 'throttled', httpStatus: 429, reason: 'throttled' } : undefined;
  };
  world.lms.after = () => (random() < 0.1 ? temporary : undefined);
  const last = new Map<string, number>();
  for (let round = 1; round <= 12; round++) {
    for (let i = 0; i < 20; i++) {
      const [person, item] = [i % 5, Math.floor(i / 5)];
      const progress = random() < 0.3 ? 'InProgress' : 'Completed';
      const handedIn = scoreOf(world.school, round, {
        person,
        item,
        scoreGiven: round * 10 + i,
        activityProgress: progress,
      });
      expect((await world.accept(handedIn)).kind).toBe('accepted');
      last.set(`https://lms.example/items/${item} lms-${person}`, round * 10 + i);
    }
    await Promise.all([world.drain(), world.drain()]);
    world.pass(20_000);
  }
  world.lms.before = () => undefined;
  world.lms.after = () => undefined;
  for (let i = 0; i < 20; i++) {
    world.pass(3_600_000);
    await Promise.all([world.drain(), world.drain()]);
  }
  expect(new Map([...world.lms.gradebook].map(([key, { scoreGiven }]) => [key, scoreGiven]))).toEqual(last);
  const states = await world.deliveries();
  expect(states).toHaveLength(240);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['delivered', 'superseded']));
  const rows = await test_.superuser.query(
    `select from grade_line where tenant_id = $1 and (pending <> 0 or due_at is not null or lease_token is not null)`,
    [world.school.tenantId],
  );
  expect(rows.rowCount).toBe(0);
});
