import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ContextId, LineItemId, ResourceLinkId } from '../../contracts/ids.ts';
import type { LineItem } from '../../src/grades/line-item.ts';
import {
  endLineItem,
  findCourse,
  findLineItem,
  findLinkById,
  findLinksByLmsId,
  getCourse,
  getLineItem,
  listLineItems,
  meetLineItems,
  type NewLineItem,
} from '../../src/grades/line-items.ts';
import { type Course, startAgsWorld } from '../lti/ags/support/ags-world.ts';
import { createTestDatabase } from '../support/database.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startAgsWorld(testDatabase);
const { course: north } = await world.addSchool('north');
const { course: south } = await world.addSchool('south');
const { toolId } = world.tool;
const now = Date.now();

const tx = database.tenant(north.tenantId);
const foreign = database.tenant(south.tenantId);
const placeOf = ({ connectionId, deploymentId, contextId }: Course) => ({
  connectionId,
  deploymentId,
  contextId,
  toolId,
});

function newItem(changes: Partial<NewLineItem> = {}): NewLineItem {
  return {
    ...placeOf(north),
    resourceLinkId: null,
    lmsUrl: `https://lms.example/${randomUUID()}`,
    ...changes,
  };
}

async function meet(item: NewLineItem): Promise<LineItem> {
  const [met] = await meetLineItems(tx, [item], now);
  return met!;
}

const idOf = ({ lineItemId, contextId }: LineItem) => ({ lineItemId, contextId, toolId });

test('a line item keeps its id when it is met again, also after it was deleted', async () => {
  const item = newItem();
  const first = await meet(item);
  expect(first).toEqual({ ...item, lineItemId: expect.any(String) });
  expect(await meet(item)).toEqual(first);
  expect(await endLineItem(tx, first.lineItemId, now)).toBe(true);
  expect(await endLineItem(tx, first.lineItemId, now)).toBe(false);
  expect(await findLineItem(tx, idOf(first))).toBeUndefined();
  expect(await meet(item)).toEqual(first);
  expect(await findLineItem(tx, idOf(first))).toEqual(first);
});

test('many are met at once, known and new', async () => {
  const known = await meet(newItem());
  const { lineItemId: _id, ...again } = known;
  const met = await meetLineItems(tx, [newItem(), again, newItem()], now);
  expect(met).toHaveLength(3);
  expect(new Set(met.map(({ lineItemId }) => lineItemId)).size).toBe(3);
  expect(met).toContainEqual(known);
  expect(await meetLineItems(tx, [], now)).toEqual([]);
});

test('the link a line item was first seen with stays where none is named', async () => {
  const item = newItem({ resourceLinkId: randomUUID() as ResourceLinkId });
  await meet(item);
  expect(await meet({ ...item, resourceLinkId: null })).toMatchObject({
    resourceLinkId: item.resourceLinkId,
  });
});

test('a line item that the LMS shows in another course is in that one', async () => {
  const elsewhere = await world.addCourse(north, 'moved');
  const item = await meet(newItem());
  const { lineItemId: _id, ...seen } = item;
  expect(await meet({ ...seen, contextId: elsewhere.contextId })).toMatchObject({
    lineItemId: item.lineItemId,
  });
  expect(await findLineItem(tx, idOf(item))).toBeUndefined();
  expect(await findLineItem(tx, { ...idOf(item), contextId: elsewhere.contextId })).toBeDefined();
});

test('one column of the LMS is a line item of its own for each tool', async () => {
  const item = newItem();
  const [one, two] = [await meet(item), await meet({ ...item, toolId: world.otherTool.toolId })];
  expect(one.lineItemId).not.toBe(two.lineItemId);
  expect(await findLineItem(tx, idOf(two))).toBeUndefined();
});

test('the list is of one tool in one course, without what was deleted', async () => {
  const course = await world.addCourse(north, 'listed');
  const here = { contextId: course.contextId };
  const [kept, ended] = [await meet(newItem(here)), await meet(newItem(here))];
  await meet(newItem({ ...here, toolId: world.otherTool.toolId }));
  await meet(newItem());
  await endLineItem(tx, ended.lineItemId, now);
  expect(await listLineItems(tx, { contextId: course.contextId, toolId })).toEqual([kept]);
});

test('another tenant finds, lists and ends none', async () => {
  const item = await meet(newItem());
  expect(await findLineItem(foreign, idOf(item))).toBeUndefined();
  expect(await listLineItems(foreign, item)).toEqual([]);
  expect(await endLineItem(foreign, item.lineItemId, now)).toBe(false);
  expect(await findCourse(foreign, { contextId: north.contextId, toolId })).toBeUndefined();
  expect(await findLineItem(tx, idOf(item))).toEqual(item);
});

test('what is not found is refused by name', async () => {
  const unknown = { lineItemId: randomUUID() as LineItemId, contextId: north.contextId, toolId };
  await expect(getLineItem(tx, unknown)).rejects.toThrow(
    expect.objectContaining({ code: 'line_item_unknown' }),
  );
  await expect(getCourse(tx, { contextId: randomUUID() as ContextId, toolId })).rejects.toThrow(
    expect.objectContaining({ code: 'context_unknown' }),
  );
});

test('a course is known with what its LMS opens', async () => {
  await superuser.query(`update lti_context set ags_scopes = '{a,b}' where context_id = $1`, [
    north.contextId,
  ]);
  expect(await getCourse(tx, { contextId: north.contextId, toolId })).toEqual({
    connectionId: north.connectionId,
    deploymentId: north.deploymentId,
    lineItemsUrl: north.lineItemsUrl,
    agsScopes: ['a', 'b'],
  });
});

test('links translate both ways, for the tool whose they are', async () => {
  const [mine, theirs] = [randomUUID(), randomUUID()];
  const link = { resourceLinkId: await world.addLink(north, mine), lmsResourceLinkId: mine };
  const other = await world.addLink(north, theirs, world.otherTool);
  const place = placeOf(north);
  expect(await findLinksByLmsId(tx, place, [mine, theirs, 'none'])).toEqual([link]);
  expect(await findLinkById(tx, place, link.resourceLinkId as ResourceLinkId)).toEqual(link);
  expect(await findLinkById(tx, place, other as ResourceLinkId)).toBeUndefined();
  expect(await findLinksByLmsId(foreign, place, [mine])).toEqual([]);
  expect(await findLinkById(foreign, place, link.resourceLinkId as ResourceLinkId)).toBeUndefined();
});

test('a link is found in the course it stands in, and in no other', async () => {
  const elsewhere = await world.addCourse(north, 'elsewhere');
  const resourceLinkId = (await world.addLink(elsewhere, randomUUID())) as ResourceLinkId;
  expect(await findLinkById(tx, placeOf(north), resourceLinkId)).toBeUndefined();
  expect(await findLinkById(tx, placeOf(elsewhere), resourceLinkId)).toBeDefined();
});
