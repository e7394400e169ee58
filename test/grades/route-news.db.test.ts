import { beforeEach, describe, expect, test } from 'vitest';
import { probeEveryMs } from '../../src/grades/back-off.ts';
import type { SendResult } from '../../src/grades/destination.ts';
import { reviveRoutes } from '../../src/grades/route-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { scoreOf } from '../support/grades.ts';
import { type DeliveryWorld, openDeliveryWorld } from './delivery-world.ts';

const test_ = await createTestDatabase();
let world: DeliveryWorld;

beforeEach(async () => {
  world = await openDeliveryWorld(test_);
});

const temporary: SendResult = { kind: 'temporary', reason: 'server_error', httpStatus: 500, maybeSent: true };

describe('a connection', () => {
  const spread = async (count: number) => {
    for (let i = 0; i < count; i++)
      await world.accept(scoreOf(world.school, 1, { person: i % 5, item: Math.floor(i / 5) }));
  };

  test('sends no more than its bucket holds', async () => {
    world.lms.rate = { perSecond: 2, burst: 3 };
    await spread(10);
    await world.drain();
    expect(world.lms.posts).toBe(3);
    world.pass(1_000);
    await world.drain();
    expect(world.lms.posts).toBe(5);
  });

  test('is left alone for as long as it asks, all of it', async () => {
    await spread(10);
    world.lms.before = () => ({
      kind: 'throttled',
      httpStatus: 429,
      reason: 'throttled',
      retryAfterMs: 30_000,
    });
    await world.drain();
    const { posts } = world.lms;
    world.lms.before = () => undefined;
    world.pass(29_000);
    await world.drain();
    expect(world.lms.posts).toBe(posts);
    world.pass(60_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(10);
  });

  test('whose host is down is asked by one score at a time', async () => {
    await spread(20);
    world.lms.before = () => temporary;
    await world.drain();
    const { posts } = world.lms;
    world.pass(20_000);
    await world.drain();
    expect(world.lms.posts).toBe(posts + 1);
    world.lms.before = () => undefined;
    world.pass(600_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(20);
    expect(await world.route()).toMatchObject({ failures: 0, blocked_until: null });
  });

  test('stops at a fault of its settings, uses up no tries, and resumes all once they change', async () => {
    await spread(10);
    world.lms.before = () => ({ kind: 'configuration', httpStatus: 401, reason: 'token_refused' });
    await world.drain();
    expect(await world.route()).toMatchObject({
      state: 'stopped',
      reason: 'token_refused',
      stopped_version: 1,
    });
    const { posts } = world.lms;
    world.lms.before = () => undefined;
    await world.drain();
    expect(world.lms.posts).toBe(posts);
    await reviveRoutes(test_.database.tenant(world.school.tenantId), new Date(world.now()));
    world.pass(2_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(10);
    expect(await world.route()).toMatchObject({ state: 'running', reason: null });
  });

  test('goes on where it is refused for one course only', async () => {
    await spread(10);
    world.lms.before = ({ lineItemUrl }) =>
      lineItemUrl.endsWith('/1')
        ? { kind: 'temporary', httpStatus: 403, reason: 'access_denied', maybeSent: false }
        : undefined;
    for (let i = 0; i < 8; i++) {
      await world.accept(scoreOf(world.school, 10 + i));
      await world.drain();
      world.pass(120_000);
    }
    expect(await world.route()).toMatchObject({ state: 'running' });
    expect(world.lms.gradebook.get('https://lms.example/items/0 lms-0')).toMatchObject({ scoreGiven: 17 });
  });

  test('stops where everything is refused, and one fault among successes stops nothing', async () => {
    await spread(10);
    world.lms.before = ({ subject }) =>
      subject === 'lms-0' ? { kind: 'configuration', httpStatus: 401, reason: 'access_denied' } : undefined;
    await world.drain();
    expect(world.lms.stored).toHaveLength(8);
    expect(await world.route()).toMatchObject({ state: 'running' });
    world.lms.before = () => ({
      kind: 'temporary',
      httpStatus: 403,
      reason: 'access_denied',
      maybeSent: false,
    });
    for (let i = 0; i < 8; i++) {
      await world.accept(scoreOf(world.school, 9, { person: 1 + (i % 4), item: Math.floor(i / 4) }));
    }
    await world.drain();
    expect(await world.route()).toMatchObject({ state: 'stopped', reason: 'access_denied' });
  });

  test('that stopped is not thought mended by a score that was never sent', async () => {
    await world.accept(scoreOf(world.school, 1));
    world.lms.before = () => ({ kind: 'configuration', httpStatus: 401, reason: 'token_refused' });
    await world.drain();
    await test_.superuser.query('delete from person_link where tenant_id = $1', [world.school.tenantId]);
    world.pass(probeEveryMs);
    await world.drain();
    expect(await world.deliveries()).toMatchObject([{ state: 'refused', reason: 'person_left' }]);
    expect(await world.route()).toMatchObject({ state: 'stopped', reason: 'token_refused' });
  });

  test('that stopped is tried by one score every few minutes', async () => {
    await spread(10);
    world.lms.fault = { fault: 'connection_disabled', version: 3 };
    await world.drain();
    expect(await world.route()).toMatchObject({ state: 'stopped', reason: 'connection_disabled' });
    world.lms.fault = undefined;
    world.lms.before = () => ({ kind: 'configuration', httpStatus: 403, reason: 'scope_missing' });
    world.pass(probeEveryMs);
    await world.drain();
    expect(world.lms.posts).toBe(1);
    world.lms.before = () => undefined;
    world.pass(probeEveryMs);
    await world.drain();
    expect(world.lms.stored).toHaveLength(10);
  });

  test('that a person has paused sends nothing, whatever happens', async () => {
    await spread(3);
    await world.drain();
    await test_.superuser.query(`update grade_route set state = 'paused' where tenant_id = $1`, [
      world.school.tenantId,
    ]);
    await world.accept(scoreOf(world.school, 9));
    await reviveRoutes(test_.database.tenant(world.school.tenantId), new Date(world.now()));
    world.pass(3_600_000);
    await world.drain();
    expect(world.lms.stored).toHaveLength(3);
  });
});
