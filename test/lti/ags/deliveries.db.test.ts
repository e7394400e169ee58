import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type Course, startAgsWorld } from './support/ags-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = await startAgsWorld(testDatabase);
const { call, pathOf, addItem, addPerson, clock } = world;
const { course, enabled } = await world.addSchool('north');
const { course: otherSchool } = await world.addSchool('south');

let items = 0;
const newItem = (of: Course = course, tool = world.tool) =>
  addItem(of, `https://lms.example/items/${++items}`, tool);

async function send(lineItemId: string, userId: string, second: number): Promise<string> {
  const timestamp = new Date(clock.now() + second * 1_000).toISOString();
  const body = {
    userId,
    scoreGiven: 71,
    scoreMaximum: 100,
    comment: 'Very good, Ada',
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp,
  };
  const { status } = await call(pathOf(course, `/${lineItemId}/scores`), {
    method: 'POST',
    type: mediaType.score,
    body,
  });
  expect(status).toBe(200);
  return timestamp;
}

const list = (lineItemId: string, query = '', options: Parameters<typeof call>[1] = {}) =>
  call(pathOf(course, `/${lineItemId}/deliveries${query}`), { scopes: [agsScope.score], ...options });

const end = (lineItemId: string, state: string, reason: string) =>
  superuser.query(
    `with ended as (
       update grade_delivery set state = $2, reason = $3, outcome = 'user_error', ended_at = now(), attempts = 2
       where line_item_id = $1 returning 1)
     update grade_line set pending = 0, due_at = null where line_item_id = $1`,
    [lineItemId, state, reason],
  );

test('a tool sees how each score it sent stands, under its own name for the person, and never the score', async () => {
  const [lineItemId, ada] = [await newItem(), await addPerson(course, 'ada-at-lms')];
  const timestamp = await send(lineItemId, ada, 1);
  const waiting = await list(lineItemId);
  expect(waiting).toMatchObject({ status: 200 });
  expect(waiting.headers.get('content-type')).toBe('application/json');
  expect(waiting.headers.get('cache-control')).toBe('no-store');
  expect(waiting.json).toEqual([
    {
      id: expect.any(String),
      userId: ada,
      state: 'pending',
      attempts: 0,
      timestamp,
      acceptedAt: expect.stringMatching(/Z$/),
      nextTryAt: waiting.json[0]!.acceptedAt,
    },
  ]);
  await end(lineItemId, 'refused', 'person_unknown');
  const refused = await list(lineItemId);
  expect(refused.json).toMatchObject([
    { state: 'refused', reason: 'person_unknown', attempts: 2, endedAt: expect.any(String) },
  ]);
  expect(refused.json[0]).not.toHaveProperty('nextTryAt');
  for (const { text } of [waiting, refused]) expect(text).not.toMatch(/Ada|scoreGiven|comment|ada-at-lms/);
});

test('deliveries come newest first, and the Link header leads through every page', async () => {
  const [lineItemId, ada] = [await newItem(), await addPerson(course, 'paged')];
  for (let second = 1; second <= 5; second++) {
    await send(lineItemId, ada, second);
    clock.advance(1_000);
  }
  const seen: string[] = [];
  let query: string | undefined = `?limit=2&user_id=${ada}&state=pending`;
  while (query !== undefined) {
    const { json, headers } = await list(lineItemId, query);
    expect(json.length).toBeLessThanOrEqual(2);
    seen.push(...json.map(({ timestamp }: { timestamp: string }) => timestamp));
    const next: string | undefined = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    query = next === undefined ? undefined : new URL(next).search;
  }
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(seen.toSorted().reverse());
});

test('a person, a state and the last thirty days narrow the list', async () => {
  const [lineItemId, ada, ben] = [
    await newItem(),
    await addPerson(course, 'a'),
    await addPerson(course, 'b'),
  ];
  await send(lineItemId, ada, 1);
  await send(lineItemId, ben, 1);
  const users = async (query: string) =>
    (await list(lineItemId, query)).json.map(({ userId }: { userId: string }) => userId);
  expect(await users(`?user_id=${ben}`)).toEqual([ben]);
  expect(await users('?user_id=nobody')).toEqual([]);
  expect(await users('?user_id=%00')).toEqual([]);
  expect(await users('?state=refused')).toEqual([]);
  expect((await users('?state=pending')).sort()).toEqual([ada, ben].sort());
  clock.advance(31 * 86_400_000);
  expect(await users('')).toEqual([]);
});

test.each(['?limit=0', '?limit=x', '?state=lost', '?after=1'])('the query %s is refused', async (query) => {
  expect(await list(await newItem(), query)).toMatchObject({ status: 400, json: { code: 'query_invalid' } });
});

test('a token needs the scope of scores', async () => {
  const lineItemId = await newItem();
  for (const scope of [agsScope.lineItem, agsScope.lineItemReadonly, agsScope.resultReadonly]) {
    expect(await list(lineItemId, '', { scopes: [scope] })).toMatchObject({ status: 403 });
  }
  expect(await list(lineItemId, '', { token: undefined })).toMatchObject({ status: 401 });
});

test('another tool’s, another course’s and another school’s line items are not there', async () => {
  const [lineItemId, ada] = [await newItem(), await addPerson(course, 'alone')];
  await send(lineItemId, ada, 1);
  expect(await list(lineItemId, '', { tool: world.otherTool })).toMatchObject({ status: 404 });
  expect(await list(await newItem(course, world.otherTool))).toMatchObject({ status: 404 });
  const elsewhere = await world.addCourse(course, 'elsewhere');
  for (const place of [elsewhere, otherSchool]) {
    const { status } = await call(pathOf(place, `/${lineItemId}/deliveries`));
    expect(status).toBe(404);
  }
  const narrowed = { deploymentId: enabled[0]!.enablement.deploymentId };
  expect(await list(lineItemId, '', narrowed)).toMatchObject({ status: 200 });
  expect(await list(lineItemId, '', { deploymentId: 'another' })).toMatchObject({ status: 403 });
});

test('only GET is known there', async () => {
  const reply = await list(await newItem(), '', { method: 'POST' });
  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
});
