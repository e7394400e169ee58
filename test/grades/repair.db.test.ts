import { beforeEach, expect, test } from 'vitest';
import { type DeliveryId, newId } from '../../contracts/ids.ts';
import { giveUpAfterMs } from '../../src/grades/back-off.ts';
import { discardDeliveries, replayDeliveries, type Wanted } from '../../src/grades/repair.ts';
import { createTestDatabase } from '../support/database.ts';
import { endLeases } from './end-leases.ts';
import { createDeliveryWorld, type DeliveryWorld, outage, refusal } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
let number = 0;
let world: DeliveryWorld;

beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
});

const replay = (wanted: Wanted, inWorld = world) =>
  database.withTenant(inWorld.school.tenantId, (tx) => replayDeliveries(tx, wanted, inWorld.by()));
const discard = (wanted: Wanted, inWorld = world) =>
  database.withTenant(inWorld.school.tenantId, (tx) => discardDeliveries(tx, wanted, inWorld.by()));
const audited = async () =>
  (
    await superuser.query('select action, subject from audit_event where tenant_id = $1 and action like $2', [
      world.school.tenantId,
      'grade_delivery.%',
    ])
  ).rows;

async function refused(second: number, given = {}): Promise<DeliveryId> {
  const deliveryId = await world.accept(second, given);
  world.lms.before = () => refusal;
  await world.drain();
  world.lms.before = () => undefined;
  return deliveryId;
}

/** Makes a worker hold every line. */
const hold = () =>
  superuser.query(
    `update grade_line set lease_token = $2, lease_until = now() + interval '1 minute' where tenant_id = $1`,
    [world.school.tenantId, newId()],
  );

test('a refused score is sent again and arrives, with all its tries on record', async () => {
  const deliveryId = await refused(1);
  expect(await world.states()).toEqual(['refused']);
  expect((await replay({ deliveryIds: [deliveryId] })).counts.replayed).toBe(1);
  expect(await world.states()).toEqual(['pending']);
  await world.drain();
  expect(await world.states()).toEqual(['delivered']);
  const { rows } = await superuser.query(
    'select d.attempts, d.copied, array_agg(a.outcome::text order by attempt) as outcomes from grade_delivery d join grade_attempt a using (tenant_id, delivery_id) where d.tenant_id = $1 group by d.attempts, d.copied',
    [world.school.tenantId],
  );
  expect(rows).toEqual([{ attempts: 2, copied: false, outcomes: ['user_error', 'success'] }]);
  expect(await world.lines()).toMatchObject([{ pending: 0, due_at: null }]);
  expect(await audited()).toEqual([
    { action: 'grade_delivery.replayed', subject: `grade_delivery:${deliveryId}` },
  ]);
});

test('a score that was given up gets new tries', async () => {
  const deliveryId = await world.accept(1);
  world.lms.before = () => outage;
  await world.drain();
  await superuser.query('update grade_line set failing_since = $2 where tenant_id = $1', [
    world.school.tenantId,
    new Date(world.now() - giveUpAfterMs),
  ]);
  world.pass(60_000);
  await world.drain();
  expect(await world.states()).toEqual(['expired']);
  await replay({ deliveryIds: [deliveryId] });
  await world.drain();
  expect(await world.states()).toEqual(['pending']);
  expect(await world.lines()).toMatchObject([{ pending: 1, tries: 1 }]);
});

test('an older score stays as it is where a newer one arrived or waits', async () => {
  const older = await refused(1);
  await world.accept(2);
  expect((await replay({ deliveryIds: [older] })).counts).toMatchObject({ replayed: 0, newer_stands: 1 });
  await world.drain();
  expect((await replay({ deliveryIds: [older] })).counts).toMatchObject({ replayed: 0, newer_stands: 1 });
  expect(await world.states()).toEqual(['refused', 'delivered']);
  expect(await world.lines()).toMatchObject([{ pending: 0 }]);
});

test('where the newer ones were refused as well all are sent, and the newest is what stands', async () => {
  await refused(1);
  await refused(2);
  const { counts } = await replay({ filter: { reason: 'person_unknown' } });
  expect(counts.replayed).toBe(2);
  expect(await world.lines()).toMatchObject([{ pending: 2 }]);
  await world.drain();
  expect(await world.states()).toEqual(['superseded', 'delivered']);
  expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([2]);
});

test('another person’s newer score is in nobody’s way', async () => {
  const deliveryId = await refused(1);
  await world.accept(2, { person: 1 });
  await world.accept(2, { item: 1 });
  await world.drain();
  expect((await replay({ deliveryIds: [deliveryId] })).counts.replayed).toBe(1);
});

test('only refused and given-up deliveries can be sent again', async () => {
  const delivered = await world.accept(1);
  await world.drain();
  const waiting = await world.accept(2);
  const result = await replay({ deliveryIds: [delivered, waiting, newId<DeliveryId>()] });
  expect(result).toEqual({
    counts: { replayed: 0, newer_stands: 0, score_removed: 0, not_ended_so: 2 },
    unknown: 1,
    next: undefined,
  });
  expect(await audited()).toEqual([]);
});

test('a score that is taken out at this moment is not sent again without it', async () => {
  const deliveryId = await refused(1);
  await superuser.query('begin');
  await superuser.query('update grade_delivery set score = null where tenant_id = $1', [
    world.school.tenantId,
  ]);
  const replayed = replay({ deliveryIds: [deliveryId] });
  await expect
    .poll(async () => (await superuser.query('select from pg_locks where not granted')).rowCount)
    .toBeGreaterThan(0);
  await superuser.query('commit');
  expect((await replayed).counts).toMatchObject({ replayed: 0, score_removed: 1 });
  expect(await world.states()).toEqual(['refused']);
});

test('a score that is past its retention cannot be sent again', async () => {
  const deliveryId = await refused(1);
  await superuser.query('update grade_delivery set score = null where tenant_id = $1', [
    world.school.tenantId,
  ]);
  expect((await replay({ deliveryIds: [deliveryId] })).counts.score_removed).toBe(1);
  expect(await world.states()).toEqual(['refused']);
});

test('two who replay at once do it once', async () => {
  const deliveryId = await refused(1);
  const both = await Promise.all([
    replay({ deliveryIds: [deliveryId] }),
    replay({ deliveryIds: [deliveryId] }),
  ]);
  expect(both.map(({ counts }) => counts.replayed).sort()).toEqual([0, 1]);
  expect(await world.lines()).toMatchObject([{ pending: 1 }]);
});

test('a filter names connection, tool, line item, reason and time, each of which must fit', async () => {
  await refused(1);
  await refused(1, { item: 1 });
  const { connectionId, toolId, lineItemIds } = world.school;
  const since = (ms: number) => new Date(world.now() + ms);
  for (const filter of [
    { connectionId: newId<typeof connectionId>() },
    { toolId: newId<typeof toolId>() },
    { lineItemId: newId<(typeof lineItemIds)[0]>() },
    { reason: 'gave_up' },
    { since: since(60_000) },
  ]) {
    expect((await replay({ filter })).counts.replayed).toBe(0);
  }
  const filter = {
    connectionId,
    toolId,
    lineItemId: lineItemIds[1],
    reason: 'person_unknown',
    since: since(-60_000),
  };
  expect((await replay({ filter })).counts.replayed).toBe(1);
});

test('a discarded score is not sent, and what else waits on its line is', async () => {
  const first = await world.accept(1);
  await world.accept(2);
  expect((await discard({ deliveryIds: [first] })).counts).toMatchObject({ discarded: 1 });
  expect(await world.lines()).toMatchObject([{ pending: 1, due_at: expect.any(Date) }]);
  await world.drain();
  expect(await world.states()).toEqual(['discarded', 'delivered']);
  const last = await world.accept(3);
  await discard({ filter: {} });
  expect(await world.lines()).toMatchObject([{ pending: 0, due_at: null }]);
  expect((await discard({ deliveryIds: [last] })).counts).toMatchObject({ discarded: 0, ended_already: 1 });
  await world.drain();
  expect(world.lms.stored.map(({ scoreGiven }) => scoreGiven)).toEqual([2]);
  expect((await audited()).map(({ action }) => action)).toEqual(Array(2).fill('grade_delivery.discarded'));
});

test('a score that a worker is sending now is not discarded', async () => {
  const deliveryId = await world.accept(1);
  const started = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<undefined>();
  world.lms.before = () => {
    started.resolve();
    return answer.promise;
  };
  const draining = world.drain();
  await started.promise;
  expect((await discard({ deliveryIds: [deliveryId] })).counts).toEqual({
    discarded: 0,
    being_sent: 1,
    ended_already: 0,
  });
  answer.resolve(undefined);
  await draining;
  expect(await world.states()).toEqual(['delivered']);
  expect(await world.lines()).toMatchObject([{ pending: 0, lease_token: null }]);
});

test('a hold that nobody ended in time does not keep a score, and its worker writes nothing any more', async () => {
  const deliveryId = await world.accept(1);
  const started = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<undefined>();
  world.lms.before = () => {
    started.resolve();
    return answer.promise;
  };
  const draining = world.drain();
  await started.promise;
  await endLeases(superuser);
  expect((await discard({ deliveryIds: [deliveryId] })).counts.discarded).toBe(1);
  answer.resolve(undefined);
  await draining;
  expect(await world.states()).toEqual(['discarded']);
  expect(await world.lines()).toMatchObject([{ pending: 0, due_at: null, maybe_sent: true }]);
});

test('a replay leaves the back-off of a line under way to its worker', async () => {
  const deliveryId = await refused(1);
  await world.accept(2, { person: 1 });
  await superuser.query('update grade_line set tries = 3 where tenant_id = $1', [world.school.tenantId]);
  await superuser.query(
    'update grade_line set pending = 1, due_at = now() where tenant_id = $1 and pending = 0',
    [world.school.tenantId],
  );
  await hold();
  await replay({ deliveryIds: [deliveryId] });
  expect((await world.lines()).map(({ tries, pending }) => [tries, pending]).sort()).toEqual([
    [3, 1],
    [3, 2],
  ]);
});

test('a filter that names more than one batch says where the next one begins', async () => {
  await superuser.query(
    `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
       score, state, outcome, reason, accepted_at, ended_at)
     select $1, gen_random_uuid(), $2, $3, $4, $5, now(), '{}', 'refused', 'user_error', 'person_unknown', now(), now()
     from generate_series(1, 620)`,
    [
      world.school.tenantId,
      world.school.connectionId,
      world.school.toolId,
      world.school.lineItemIds[0],
      world.school.people[0]!.personId,
    ],
  );
  await superuser.query(
    `insert into grade_line (tenant_id, line_item_id, person_id, connection_id, newest_at, newest_hash, pending)
     values ($1, $2, $3, $4, '2020-01-01', '', 0)`,
    [
      world.school.tenantId,
      world.school.lineItemIds[0],
      world.school.people[0]!.personId,
      world.school.connectionId,
    ],
  );
  const first = await replay({ filter: {} });
  expect(first.counts.replayed).toBe(500);
  const second = await replay({ filter: {}, after: first.next });
  expect(second).toMatchObject({ counts: { replayed: 120 }, next: undefined });
  expect(await world.lines()).toMatchObject([{ pending: 620 }]);
});

test('another tenant’s deliveries are out of reach', async () => {
  const other = await createDeliveryWorld(testDatabase, `other-${number}`);
  const theirs = await refused(1);
  const waiting = await world.accept(1, { person: 1 });
  expect(await replay({ deliveryIds: [theirs] }, other)).toMatchObject({
    counts: { replayed: 0 },
    unknown: 1,
  });
  expect((await replay({ filter: {} }, other)).counts.replayed).toBe(0);
  expect(await discard({ deliveryIds: [waiting] }, other)).toMatchObject({
    counts: { discarded: 0 },
    unknown: 1,
  });
  expect((await discard({ filter: {} }, other)).counts.discarded).toBe(0);
  expect((await world.states()).sort()).toEqual(['pending', 'refused']);
});
