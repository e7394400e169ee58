import { beforeEach, expect, test } from 'vitest';
import { keepScoresForMs, removeOldScores } from '../../src/grades/retention.ts';
import { removeScores } from '../../src/grades/retention-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, type DeliveryWorld, refusal } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
let number = 0;
let world: DeliveryWorld;

beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
});

const remove = (of = world) =>
  removeOldScores({ db: database, clock: { now: world.now } }, of.school.tenantId);

/** By the score's own time: whether it is kept still. */
async function kept(): Promise<boolean[]> {
  const { rows } = await superuser.query<{ kept: boolean }>(
    'select score is not null as kept from grade_delivery where tenant_id = $1 order by score_timestamp, delivery_id',
    [world.school.tenantId],
  );
  return rows.map((row) => row.kept);
}

test('thirty days after its end a score goes, but the one that the LMS took last of a person', async () => {
  await world.accept(1);
  await world.accept(1.5, { person: 1 });
  await world.drain();
  await world.accept(2);
  await world.drain();
  world.lms.before = () => refusal;
  await world.accept(3);
  await world.drain();
  world.pass(keepScoresForMs - 1_000);
  expect(await remove()).toBe(0);
  world.pass(2_000);
  expect(await remove()).toBe(2);
  expect(await kept()).toEqual([false, true, true, false]);
  expect(await remove()).toBe(0);
});

test('a score that was kept goes when a newer one has taken its place', async () => {
  await world.accept(1);
  await world.drain();
  world.pass(2 * keepScoresForMs);
  await remove();
  expect(await kept()).toEqual([true]);
  await world.accept(2);
  await world.drain();
  expect(await remove()).toBe(1);
  expect(await kept()).toEqual([false, true]);
});

test('a score that waits stays, however long', async () => {
  await world.accept(1);
  world.pass(10 * keepScoresForMs);
  expect(await remove()).toBe(0);
  expect(await kept()).toEqual([true]);
});

test('age counts from the end and not from the acceptance', async () => {
  await world.accept(1);
  world.pass(keepScoresForMs + 1_000);
  world.lms.before = () => refusal;
  await world.drain();
  expect(await remove()).toBe(0);
});

test('pages go on where the one before ended', async () => {
  world.lms.before = () => refusal;
  for (let second = 1; second <= 3; second++) await world.accept(second);
  for (let round = 0; round < 3; round++) await world.drain();
  const endedBefore = new Date(world.now() + 1_000);
  const page = (after: Parameters<typeof removeScores>[1]['after']) =>
    removeScores(database.tenant(world.school.tenantId), { endedBefore, after, most: 2 });
  const first = await page(undefined);
  expect(first).toMatchObject({ seen: 2, removed: 2 });
  const second = await page(first.last);
  expect(second).toMatchObject({ seen: 1, removed: 1 });
  expect(await page(second.last)).toEqual({ seen: 0, removed: 0, last: undefined });
});

test('another tenant’s scores are not touched', async () => {
  const other = await createDeliveryWorld(testDatabase, `other-${number}`);
  world.lms.before = () => refusal;
  await world.accept(1);
  await world.drain();
  world.pass(2 * keepScoresForMs);
  expect(await remove(other)).toBe(0);
  expect(await kept()).toEqual([true]);
});
