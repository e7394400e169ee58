import { expect, test } from 'vitest';
import { type DeliveryId, newId } from '../../contracts/ids.ts';
import { explainDelivery, getDelivery, listDeliveries } from '../../src/grades/deliveries.ts';
import { pauseRoute } from '../../src/grades/pause.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, type DeliveryWorld, outage, refusal } from './world.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
let number = 0;
const newWorld = () => createDeliveryWorld(testDatabase, `school-${++number}`);

const list = (
  world: DeliveryWorld,
  filter: Parameters<typeof listDeliveries>[1] = {},
  page: Parameters<typeof listDeliveries>[2] = { limit: 500 },
) => database.withTenant(world.school.tenantId, (tx) => listDeliveries(tx, filter, page));
const get = (world: DeliveryWorld, deliveryId: DeliveryId) =>
  database.withTenant(world.school.tenantId, (tx) => getDelivery(tx, deliveryId));
const explain = async (world: DeliveryWorld, deliveryId: DeliveryId) =>
  explainDelivery(await get(world, deliveryId));

test('deliveries are listed newest first, page by page, by what they have in common', async () => {
  const world = await newWorld();
  const first = await world.accept(1);
  world.pass(1_000);
  world.lms.before = () => refusal;
  await world.drain();
  const second = await world.accept(1, { item: 1 });
  const ids = async (...args: Parameters<typeof list> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await list(world, ...args)).map(({ deliveryId }) => deliveryId);
  expect(await ids()).toEqual([second, first]);
  expect(await ids({}, { limit: 1 })).toEqual([second]);
  expect(await ids({}, { limit: 1, before: second })).toEqual([first]);
  expect(await ids({ state: 'refused' })).toEqual([first]);
  expect(await ids({ state: 'pending' })).toEqual([second]);
  expect(await ids({ lineItemId: world.school.lineItemIds[1] })).toEqual([second]);
  expect(await ids({ since: new Date(world.now()) })).toEqual([second]);
  expect(await ids({ connectionId: newId<typeof world.school.connectionId>() })).toEqual([]);
  expect(await ids({ toolId: newId<typeof world.school.toolId>() })).toEqual([]);
  expect(await ids({ reason: 'person_unknown' })).toEqual([first]);
});

test.each([0, 501, 1.5])('a page of %s deliveries is refused', async (limit) => {
  await expect(list(await newWorld(), {}, { limit })).rejects.toMatchObject({ code: 'limit_invalid' });
});

test('a delivery is shown with its tries, and never with its score', async () => {
  const world = await newWorld();
  const deliveryId = await world.accept(1, { comment: 'Well done, Ada' });
  world.lms.before = () => outage;
  await world.drain();
  const shown = await get(world, deliveryId);
  expect(shown).toMatchObject({
    state: 'pending',
    attempts: 1,
    partner: 'generic',
    beingSent: false,
    scoreKept: true,
    route: { state: 'running' },
    tries: [{ attempt: 1, outcome: 'failed_partner', reason: 'server_error', httpStatus: 503 }],
  });
  expect(shown.dueAt!.getTime()).toBeGreaterThan(world.now());
  expect(JSON.stringify(shown)).not.toContain('Ada');
});

test('what a delivery waits for is told with whose turn it is', async () => {
  const world = await newWorld();
  const deliveryId = await world.accept(1);
  expect(await explain(world, deliveryId)).toMatchObject({ turn: 'nobody', advice: undefined });
  world.lms.before = () => outage;
  await world.drain();
  expect(await explain(world, deliveryId)).toMatchObject({
    happened: expect.stringMatching(/^It waits\. The LMS had a fault/),
    turn: 'lms',
  });
  world.lms.before = () => ({ kind: 'configuration', reason: 'scope_missing' });
  world.pass(60_000);
  await world.drain();
  expect(await explain(world, deliveryId)).toMatchObject({
    happened: expect.stringContaining('has not allowed'),
    turn: 'lms',
    advice: expect.stringContaining('score scope'),
  });
  await database.withTenant(world.school.tenantId, (tx) =>
    pauseRoute(tx, world.school.connectionId, 'Exams', world.by()),
  );
  expect(await explain(world, deliveryId)).toMatchObject({
    happened: expect.stringContaining('paused'),
    turn: 'hub',
  });
});

test('how a delivery ended is told with what mends it', async () => {
  const world = await newWorld();
  const refused = await world.accept(1);
  world.lms.before = () => refusal;
  await world.drain();
  expect(await explain(world, refused)).toMatchObject({ advice: expect.stringContaining('Enrol them') });
  world.lms.before = () => undefined;
  const taken = await world.accept(2);
  await world.drain();
  expect(await explain(world, taken)).toEqual({
    happened: 'The LMS has taken the score.',
    advice: undefined,
    turn: 'nobody',
  });
});

test('a tenant sees its own deliveries and no other’s', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  const deliveryId = await world.accept(1);
  await world.drain();
  expect(await list(other)).toEqual([]);
  await expect(get(other, deliveryId)).rejects.toMatchObject({ code: 'delivery_unknown' });
});

test('a score that people see otherwise at the LMS is delivered, counts as success and says so', async () => {
  const world = await newWorld();
  const deliveryId = await world.accept(1);
  world.lms.after = () => ({ kind: 'delivered', httpStatus: 200, warning: 'cut_to_maximum' });
  await world.drain();
  expect(await get(world, deliveryId)).toMatchObject({
    ...{ state: 'delivered', outcome: 'success', reason: 'cut_to_maximum', attempts: 1 },
    tries: [{ outcome: 'success', reason: 'cut_to_maximum' }],
  });
  expect(await explain(world, deliveryId)).toMatchObject({
    happened: expect.stringContaining('shows the maximum'),
    turn: 'lms',
  });
  const warned = await list(world, { state: 'delivered', reason: 'cut_to_maximum' });
  expect(warned.map((each) => each.deliveryId)).toEqual([deliveryId]);
});
