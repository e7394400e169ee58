import { beforeEach, describe, expect, test } from 'vitest';
import { acceptScore, type HandedInScore } from '../../src/grades/accept.ts';
import { giveUpAfterMs, probeEveryMs } from '../../src/grades/back-off.ts';
import type { SendResult } from '../../src/grades/destination.ts';
import { startDrain } from '../../src/grades/drain.ts';
import type { DeliveryServices } from '../../src/grades/services.ts';
import { reviveRoutes } from '../../src/grades/settle-store.ts';
import { openLog } from '../../src/platform/log.ts';
import { createTestDatabase } from '../support/database.ts';
import { createGradeSchool, type GradeSchool, scoreOf } from '../support/grades.ts';
import { createFakeLms, type FakeLms } from './fake-lms.ts';

const test_ = await createTestDatabase();
const { database, superuser } = test_;
let number = 0;
let school: GradeSchool;
let lms: FakeLms;
let now: number;
let services: DeliveryServices;

beforeEach(async () => {
  school = await createGradeSchool(test_, { slug: `school-${++number}`, people: 5, items: 4 });
  lms = createFakeLms();
  now = Date.now();
  services = {
    db: database,
    destination: lms,
    clock: { now: () => now },
    log: openLog({ level: 'silent' }),
    random: () => 0.5,
  };
});

const accept = (handedIn: HandedInScore) => acceptScore(database, { ...handedIn, now });
const drain = () => startDrain(services, school.tenantId, school.connectionId).done;
const pass = (ms: number) => {
  now += ms;
};
const temporary: SendResult = { kind: 'temporary', reason: 'server_error', httpStatus: 500, maybeSent: true };

async function deliveries() {
  const { rows } = await superuser.query<{
    state: string;
    reason: string | null;
    outcome: string;
    tries: string;
  }>(
    `select d.state, d.reason, d.outcome, (select string_agg(a.outcome, ',' order by a.attempt) from grade_attempt a
       where a.tenant_id = d.tenant_id and a.delivery_id = d.delivery_id) as tries
     from grade_delivery d where tenant_id = $1 order by score_timestamp, delivery_id`,
    [school.tenantId],
  );
  return rows;
}

async function line() {
  const { rows } = await superuser.query(`select * from grade_line where tenant_id = $1`, [school.tenantId]);
  return rows[0];
}

async function route() {
  const { rows } = await superuser.query(`select * from grade_route where tenant_id = $1`, [school.tenantId]);
  return rows[0];
}

describe('a line', () => {
  test('is delivered, and nothing is left of it to do', async () => {
    await accept(scoreOf(school, 1));
    await drain();
    expect(lms.stored).toMatchObject([{ key: 'https://lms.example/items/0 lms-0', scoreGiven: 1 }]);
    expect(await deliveries()).toEqual([
      { state: 'delivered', reason: null, outcome: 'success', tries: 'success' },
    ]);
    expect(await line()).toMatchObject({ pending: 0, due_at: null, lease_token: null, tries: 0 });
  });

  test('sends the newest of scores that tell the same, and ends the others', async () => {
    for (const second of [1, 2, 3]) await accept(scoreOf(school, second));
    await drain();
    expect(lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([3]);
    expect((await deliveries()).map(({ state }) => state)).toEqual(['superseded', 'superseded', 'delivered']);
  });

  test('sends every step where progress changes, in order', async () => {
    await accept(scoreOf(school, 1, { activityProgress: 'Started', scoreGiven: null }));
    await accept(scoreOf(school, 2, { activityProgress: 'Submitted' }));
    await accept(scoreOf(school, 3, { activityProgress: 'Submitted' }));
    await accept(scoreOf(school, 4));
    await drain();
    expect(lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([null, 3, 4]);
    expect((await deliveries()).map(({ state }) => state)).toEqual([
      'delivered',
      'superseded',
      'delivered',
      'delivered',
    ]);
  });

  test('waits longer after each failure, and goes on by itself', async () => {
    await accept(scoreOf(school, 1));
    lms.before = () => temporary;
    await drain();
    expect(await line()).toMatchObject({ pending: 1, tries: 1, lease_token: null, maybe_sent: true });
    const first = (await line()).due_at.getTime() - now;
    await drain();
    expect(lms.posts).toBe(1);
    pass(first);
    await drain();
    expect((await line()).due_at.getTime() - now).toBeGreaterThan(first);
    lms.before = () => undefined;
    pass(60_000);
    await drain();
    expect(await deliveries()).toEqual([
      {
        state: 'delivered',
        reason: 'server_error',
        outcome: 'success',
        tries: 'failed_partner,failed_partner,success',
      },
    ]);
  });

  test('that was stored though the LMS answered 500 is delivered once', async () => {
    await accept(scoreOf(school, 1));
    lms.after = () => temporary;
    await drain();
    pass(60_000);
    await drain();
    expect(lms.stored).toHaveLength(1);
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', tries: 'failed_partner,success' });
  });

  test('is given up after days of failures, and can be seen', async () => {
    await accept(scoreOf(school, 1));
    lms.before = () => temporary;
    for (let passed = 0; passed <= giveUpAfterMs + 7_200_000; passed += 3_600_000) {
      await drain();
      pass(3_600_000);
    }
    expect(await deliveries()).toMatchObject([
      { state: 'expired', reason: 'gave_up', outcome: 'failed_partner' },
    ]);
    expect(await line()).toMatchObject({ pending: 0, due_at: null });
  });

  test('ends a refused score and still sends the older one it would have replaced', async () => {
    await accept(scoreOf(school, 1));
    await accept(scoreOf(school, 2));
    lms.before = ({ score }) =>
      score.scoreGiven === 2 ? { kind: 'permanent', httpStatus: 422, reason: 'score_invalid' } : undefined;
    await drain();
    expect(lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([1]);
    expect((await deliveries()).map(({ state }) => state)).toEqual(['delivered', 'refused']);
  });

  test('of somebody the connection does not know any more ends without a try', async () => {
    await accept(scoreOf(school, 1));
    await superuser.query(`delete from person_link where tenant_id = $1`, [school.tenantId]);
    await drain();
    expect(lms.posts).toBe(0);
    expect(await deliveries()).toMatchObject([{ state: 'refused', reason: 'person_left' }]);
  });

  test('whose holder is gone is taken over when the lease ends, and the lost try is on record', async () => {
    await accept(scoreOf(school, 1));
    // The LMS stores it and its answer never comes: the worker is gone.
    const gone = Promise.withResolvers<SendResult>();
    lms.after = () => undefined;
    lms.before = async () => {
      lms.before = () => undefined;
      lms.gradebook.set('https://lms.example/items/0 lms-0', {
        timestamp: Date.UTC(2026, 2, 1) + 1_000,
        scoreGiven: 1,
      });
      return gone.promise;
    };
    const lost = startDrain(services, school.tenantId, school.connectionId);
    await expect.poll(() => lms.posts).toBe(1);
    await drain();
    expect(lms.posts).toBe(1);
    pass(60_000);
    await drain();
    expect(await deliveries()).toMatchObject([{ state: 'delivered', tries: 'expired_unknown,success' }]);
    // The one that comes back late changes nothing any more.
    gone.resolve(temporary);
    await lost.done;
    expect(await line()).toMatchObject({ pending: 0, tries: 0, lease_token: null });
  });

  test('accepts a newer score while an older one is in the air, and sends it afterwards', async () => {
    await accept(scoreOf(school, 1));
    const answer = Promise.withResolvers<undefined>();
    lms.before = () => answer.promise;
    const running = startDrain(services, school.tenantId, school.connectionId);
    await expect.poll(() => lms.posts).toBe(1);
    await accept(scoreOf(school, 2));
    expect(lms.posts).toBe(1);
    answer.resolve(undefined);
    await running.done;
    expect(lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([1, 2]);
  });

  test('waits where the destination says it may not go yet, without a try on record', async () => {
    await accept(scoreOf(school, 1));
    const until = new Date(now + 1_500);
    lms.before = () => (now < until.getTime() ? { kind: 'wait', until } : undefined);
    await drain();
    expect(await line()).toMatchObject({ pending: 1, tries: 0, due_at: until });
    pass(1_500);
    await drain();
    expect(await deliveries()).toMatchObject([{ state: 'delivered', tries: 'success' }]);
  });
});

describe('a connection', () => {
  const spread = async (count: number) => {
    for (let i = 0; i < count; i++)
      await accept(scoreOf(school, 1, { person: i % 5, item: Math.floor(i / 5) }));
  };

  test('sends no more than its bucket holds', async () => {
    lms.rate = { perSecond: 2, burst: 3 };
    await spread(10);
    await drain();
    expect(lms.posts).toBe(3);
    pass(1_000);
    await drain();
    expect(lms.posts).toBe(5);
  });

  test('is left alone for as long as it asks, all of it', async () => {
    await spread(10);
    lms.before = () => ({ kind: 'throttled', httpStatus: 429, reason: 'throttled', retryAfterMs: 30_000 });
    await drain();
    const { posts } = lms;
    lms.before = () => undefined;
    pass(29_000);
    await drain();
    expect(lms.posts).toBe(posts);
    pass(60_000);
    await drain();
    expect(lms.stored).toHaveLength(10);
  });

  test('whose host is down is asked by one score at a time', async () => {
    await spread(20);
    lms.before = () => temporary;
    await drain();
    const { posts } = lms;
    pass(20_000);
    await drain();
    expect(lms.posts).toBe(posts + 1);
    lms.before = () => undefined;
    pass(600_000);
    await drain();
    expect(lms.stored).toHaveLength(20);
    expect(await route()).toMatchObject({ failures: 0, blocked_until: null });
  });

  test('stops at a fault of its settings, uses up no tries, and resumes all once they change', async () => {
    await spread(10);
    lms.before = () => ({ kind: 'configuration', httpStatus: 401, reason: 'token_refused' });
    await drain();
    expect(await route()).toMatchObject({ state: 'stopped', reason: 'token_refused', stopped_version: 1 });
    const { posts } = lms;
    lms.before = () => undefined;
    await drain();
    expect(lms.posts).toBe(posts);
    await reviveRoutes(database.tenant(school.tenantId), new Date(now));
    await drain();
    expect(lms.stored).toHaveLength(10);
    expect(await route()).toMatchObject({ state: 'running', reason: null });
  });

  test('that stopped is tried by one score every few minutes', async () => {
    await spread(10);
    lms.fault = { fault: 'connection_disabled', version: 3 };
    await drain();
    expect(await route()).toMatchObject({ state: 'stopped', reason: 'connection_disabled' });
    lms.fault = undefined;
    lms.before = () => ({ kind: 'configuration', httpStatus: 403, reason: 'scope_missing' });
    pass(probeEveryMs);
    await drain();
    expect(lms.posts).toBe(1);
    lms.before = () => undefined;
    pass(probeEveryMs);
    await drain();
    expect(lms.stored).toHaveLength(10);
  });

  test('that a person has paused sends nothing, whatever happens', async () => {
    await spread(3);
    await drain();
    await superuser.query(`update grade_route set state = 'paused' where tenant_id = $1`, [school.tenantId]);
    await accept(scoreOf(school, 9));
    await reviveRoutes(database.tenant(school.tenantId), new Date(now));
    pass(3_600_000);
    await drain();
    expect(lms.stored).toHaveLength(3);
  });
});

test('two workers and a moody LMS end with the last score of each person on each item', async () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  lms.before = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const dice = random();
    if (dice < 0.1) return temporary;
    return dice < 0.12 ? { kind: 'throttled', httpStatus: 429, reason: 'throttled' } : undefined;
  };
  lms.after = () => (random() < 0.1 ? temporary : undefined);
  const last = new Map<string, number>();
  for (let round = 1; round <= 12; round++) {
    for (let i = 0; i < 20; i++) {
      const [person, item] = [i % 5, Math.floor(i / 5)];
      const progress = random() < 0.3 ? 'InProgress' : 'Completed';
      const handedIn = scoreOf(school, round, {
        person,
        item,
        scoreGiven: round * 10 + i,
        activityProgress: progress,
      });
      expect((await accept(handedIn)).kind).toBe('accepted');
      last.set(`https://lms.example/items/${item} lms-${person}`, round * 10 + i);
    }
    await Promise.all([drain(), drain()]);
    pass(20_000);
  }
  lms.before = () => undefined;
  lms.after = () => undefined;
  for (let i = 0; i < 20; i++) {
    pass(3_600_000);
    await Promise.all([drain(), drain()]);
  }
  expect(new Map([...lms.gradebook].map(([key, { scoreGiven }]) => [key, scoreGiven]))).toEqual(last);
  const states = await deliveries();
  expect(states).toHaveLength(240);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['delivered', 'superseded']));
  const rows = await superuser.query(
    `select from grade_line where tenant_id = $1 and (pending <> 0 or due_at is not null or lease_token is not null)`,
    [school.tenantId],
  );
  expect(rows.rowCount).toBe(0);
});
