import { expect, test } from 'vitest';
import { groupScope, membershipScope } from '../../../contracts/scopes.ts';
import { createGroupsRouter } from '../../../src/lti/groups/routes.ts';
import type { LmsGroups } from '../../../src/lti/lms/groups.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createLmsWorld, createScriptedLms, lmsUrl } from '../lms/lms-world.ts';
import { pupil, startNrpsWorld } from './support.ts';

const groupsOfLms: LmsGroups = {
  readGroups: async () => [
    { id: 'lms-1', name: 'One', tag: undefined, setId: undefined, isHidden: false },
    { id: 'lms-2', name: 'Two', tag: undefined, setId: undefined, isHidden: false },
  ],
  readSets: async () => [],
};
const testDatabase = await createTestDatabase();
const world = await startNrpsWorld(testDatabase, (services) => [
  createGroupsRouter({ ...services, groups: groupsOfLms }),
]);
const { memberships, pathOf, read, open, otherTool, addLink, call } = world;
const { course } = await world.addSchool('north');
await addLink(course, 'of the other tool', otherTool);
const inGroups = (...ids: unknown[]) => ({ group_enrollments: ids.map((group_id) => ({ group_id })) });
const list = [
  pupil('ada', inGroups('lms-1', 'lms-2', 'lms-1')),
  pupil('ben', inGroups('lms-2')),
  pupil('cyd'),
];
await open(course, list);
const both = { scopes: [membershipScope, groupScope] };
const openGroups = (url: string | null) =>
  testDatabase.superuser.query('update lti_context set groups_url = $1 where context_id = $2', [
    url,
    course.contextId,
  ]);
await openGroups('https://lms.example/groups');

type Grouped = { group_enrollments?: { group_id: string }[] }[];
const groupsIn = (members: unknown) =>
  (members as Grouped).map(({ group_enrollments }) => group_enrollments?.map(({ group_id }) => group_id));

test('members come with their groups where that is asked for, under the ids the groups have at the hub', async () => {
  const { json, text } = await read(pathOf(course, { groups: 'true' }), both);
  const shown = await call(`/t/north/groups/${course.contextId}/groups`, { scopes: [groupScope] });
  const { groups } = shown.json as unknown as { groups: { id: string; name: string }[] };
  const idOf = (name: string) => groups.find((each) => each.name === name)!.id;
  expect(groupsIn(json.members)).toEqual([[idOf('One'), idOf('Two')], [idOf('Two')], undefined]);
  expect(text).not.toContain('lms-1');
  expect(memberships.asked.at(-1)?.query?.groups).toBe(true);
  const theirs = await read(pathOf(course, { groups: 'true' }), { ...both, tool: otherTool });
  expect(groupsIn(theirs.json.members)[0]).not.toContain(idOf('One'));
});

test.each([
  ['it is not asked for', {}, both],
  ['something else is asked for', { groups: '1' }, both],
  ['the token has no right to groups', { groups: 'true' }, {}],
])('no groups come where %s', async (_name, query, options) => {
  const { json } = await read(pathOf(course, query), options);
  expect(groupsIn(json.members)).toEqual([undefined, undefined, undefined]);
  expect(memberships.asked.at(-1)?.query).not.toHaveProperty('groups');
});

test('an LMS that has not said it has groups is not asked for them', async () => {
  await openGroups(null);
  const { status, json } = await read(pathOf(course, { groups: 'true' }), both);
  expect([status, groupsIn(json.members)]).toEqual([200, [undefined, undefined, undefined]]);
  expect(memberships.asked.at(-1)?.query).not.toHaveProperty('groups');
  await openGroups('https://lms.example/groups');
});

test('groups stay asked for from page to page, and do not count as a change of the member', async () => {
  memberships.pageSize = 1;
  const first = await read(pathOf(course, { groups: 'true' }), both);
  const second = await read(String(first.next), both);
  expect(groupsIn([...first.json.members, ...second.json.members]).map((ids) => ids?.length)).toEqual([2, 1]);
  memberships.pageSize = 100;
  const { differences } = await read(pathOf(course), both);
  world.clock.advance(60_000);
  await read(pathOf(course, { groups: 'true' }), both);
  expect((await read(String(differences), both)).json.members).toEqual([]);
});

test('the LMS is asked with the parameter, and with a token that has both rights', async () => {
  const lmsWorld = await createLmsWorld(await createTestDatabase());
  const school = await lmsWorld.school('grouped');
  const lms = createScriptedLms();
  const members = [
    { user_id: 'ada', ...inGroups('g', 7, null, {}) },
    { user_id: 'ben', group_enrollments: 'x' },
  ];
  const url = `${lmsUrl}/members`;
  const next = `${url}?page=2`;
  lms.onCall = (request) => ({
    status: 200,
    body: { id: url, members },
    headers: request.url === next ? {} : { link: `<${next}>; rel="next"` },
  });
  const client = lmsWorld.copy(lms.fetch).memberships;
  const page = await client.readFirst(school, url, { groups: true });
  await client.readNext(school, url, String(page.next), true);
  const called = lms.requests.filter((each) => !each.url.endsWith('/token')).map((each) => each.url);
  expect(called).toEqual([`${url}?groups=true`, next]);
  expect(lms.tokenRequests().map((form) => form.get('scope'))).toEqual([`${membershipScope} ${groupScope}`]);
  expect(page.members.map(({ groups }) => groups)).toEqual([['g', '7'], undefined]);
});
