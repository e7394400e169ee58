import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { updateTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { type CallOptions, type Course, startAgsWorld } from './support/ags-world.ts';
import { lmsItem } from './support/fake-gradebook.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startAgsWorld(testDatabase);
const { addCourse, addItem, addPerson, call, gradebook, pathOf } = world;
const { course: north, enabled: atNorth } = await world.addSchool('north');
const { course: south, enabled: atSouth } = await world.addSchool('south');
const otherCourse = await addCourse(north, 'other-course');
const url = 'https://lms.example/north/items/1';
gradebook.containers.set(north.lineItemsUrl!, [lmsItem(url)]);
const item = await addItem(north, url);
const sub = await addPerson(north, 'ada');

const lineItem = { label: 'x', scoreMaximum: 1 };
const score = {
  userId: sub,
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: '2026-03-01T08:15:30.123Z',
};

/** Every call that there is at one line item. */
const calls: [string, string, CallOptions][] = [
  ['GET item', '', {}],
  ['PUT item', '', { method: 'PUT', body: lineItem, type: mediaType.lineItem }],
  ['DELETE item', '', { method: 'DELETE' }],
  ['POST score', '/scores', { method: 'POST', body: score, type: mediaType.score }],
  ['GET results', '/results', {}],
];
const containerCalls: [string, string, CallOptions][] = [
  ['GET container', '', {}],
  ['POST container', '', { method: 'POST', body: lineItem, type: mediaType.lineItem }],
];

/** Nothing reached the LMS, and no score was taken. */
async function expectNothingDone(work: () => Promise<void>): Promise<void> {
  const before = gradebook.calls.length;
  await work();
  expect(gradebook.calls.length).toBe(before);
  const { rows } = await testDatabase.superuser.query('select from grade_delivery');
  expect(rows).toEqual([]);
}

const at = (course: Course, rest: string) => pathOf(course, `/${item}${rest}`);

test.each(calls)('%s: another tool’s line item is not found', (_name, rest, options) =>
  expectNothingDone(async () => {
    const { status, json } = await call(at(north, rest), { ...options, tool: world.otherTool });
    expect([status, json.code]).toEqual([404, 'line_item_unknown']);
  }),
);

test.each(calls)('%s: a line item of another course is not found', (_name, rest, options) =>
  expectNothingDone(async () => {
    const { status, json } = await call(at(otherCourse, rest), options);
    expect([status, json.code]).toEqual([404, 'line_item_unknown']);
  }),
);

test.each(calls)('%s: a line item of another school is not found, by either course', (_name, rest, options) =>
  expectNothingDone(async () => {
    for (const path of [at(south, rest), at(north, rest).replace('/t/north/', '/t/south/')]) {
      const { status, json } = await call(path, options);
      expect([status, json.code]).toEqual([404, 'line_item_unknown']);
    }
  }),
);

test.each(containerCalls)('%s: a course of another school is not found', (_name, rest, options) =>
  expectNothingDone(async () => {
    const path = pathOf(north, rest).replace('/t/north/', '/t/south/');
    const { status, json } = await call(path, options);
    expect([status, json.code]).toEqual([404, 'context_unknown']);
  }),
);

test.each([
  ...calls.map(([name, rest, options]) => [name, `/${item}${rest}`, options] as const),
  ...containerCalls,
])('%s: without a token, or with one that is no token, nothing is done', (_name, rest, options) =>
  expectNothingDone(async () => {
    const none = await call(pathOf(north, rest), { ...options, token: undefined });
    expect([none.status, none.json.code]).toEqual([401, 'token_missing']);
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"');
    const wrong = await call(pathOf(north, rest), { ...options, token: 'ey.ey.ey' });
    expect([wrong.status, wrong.json.code]).toEqual([401, 'token_invalid']);
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
  }),
);

test.each([
  ...calls.map(([name, rest, options]) => [name, `/${item}${rest}`, options] as const),
  ...containerCalls,
])('%s: a token for one deployment is good for that one only', (_name, rest, options) =>
  expectNothingDone(async () => {
    const { deploymentId } = atSouth[0]!.enablement;
    const { status, json } = await call(pathOf(north, rest), { ...options, deploymentId });
    expect([status, json.code]).toEqual([403, 'tool_not_enabled']);
  }),
);

test('a token for this deployment is good for it', async () => {
  const { deploymentId } = atNorth[0]!.enablement;
  expect((await call(at(north, ''), { deploymentId })).status).toBe(200);
});

test.each(['no-such-school', 'NORTH', 'north%00', '..%2fnorth'])('a school %s is not found', async (slug) => {
  const { status } = await call(pathOf(north).replace('north', slug));
  expect(status).toBe(404);
});

test.each(['x', '%00', "'", `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`])(
  'an id %s is not found',
  async (id) => {
    expect((await call(`/t/north/ags/${id}/lineitems`)).status).toBe(404);
    expect((await call(pathOf(north, `/${id}`))).status).toBe(404);
    expect((await call(pathOf(north, `/${id}/results`))).status).toBe(404);
  },
);

test('a scope that is taken from a tool ends with it, not with its tokens', async () => {
  const { toolId } = world.otherTool;
  await world.addLink(north, 'link of the other tool', world.otherTool);
  await database.withHub((tx) =>
    updateTool(tx, toolId, { scopes: [agsScope.lineItemReadonly] }, loopbackAllowed, by()),
  );
  world.directory.forgetAll();
  const asOther = { tool: world.otherTool };
  expect((await call(pathOf(north), asOther)).status).toBe(200);
  const refused = await call(pathOf(north, `/${item}/results`), asOther);
  expect([refused.status, refused.json.code]).toEqual([403, 'insufficient_scope']);
});

test('a tool that is switched off at one school is let in at the others, and in again when it is switched on', async () => {
  const { course, enabled } = await world.addSchool('east');
  const { toolId } = world.tool;
  expect(enabled[0]?.tool.toolId).toBe(toolId);
  expect((await call(pathOf(course))).status).toBe(200);
  await database.withTenant(course.tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
  world.directory.forgetSetup(course.tenantId);
  const refused = await call(pathOf(course));
  expect([refused.status, refused.json.code]).toEqual([403, 'tool_not_enabled']);
  expect((await call(pathOf(north))).status).toBe(200);
  // No copy is told of this: it looks again by itself.
  await database.withTenant(course.tenantId, (tx) => enableToolWithPolicy(tx, { toolId }, by()));
  world.clock.advance(6_000);
  expect((await call(pathOf(course))).status).toBe(200);
});

test('a score meets a tool that was switched off a moment ago in the database, whatever is in memory', async () => {
  const { course } = await world.addSchool('west');
  const itemThere = await addItem(course, 'https://lms.example/west/1');
  const there = await addPerson(course, 'bo');
  const { toolId } = world.tool;
  expect((await call(pathOf(course))).status).toBe(200);
  await database.withTenant(course.tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
  const refused = await call(pathOf(course, `/${itemThere}/scores`), {
    method: 'POST',
    body: { ...score, userId: there },
    type: mediaType.score,
  });
  expect([refused.status, refused.json.code]).toEqual([403, 'tool_not_enabled']);
});
