import { expect, test } from 'vitest';
import { groupScope, membershipScope } from '../../../contracts/scopes.ts';
import { createGroupsRouter } from '../../../src/lti/groups/routes.ts';
import type { LmsGroup, LmsGroups } from '../../../src/lti/lms/groups.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { type CallOptions, type Course, startAgsWorld } from '../ags/support/ags-world.ts';

const group = (id: string, more: Partial<LmsGroup> = {}): LmsGroup => ({
  ...{ id, name: `Group ${id}`, tag: undefined, setId: undefined, isHidden: false },
  ...more,
});

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const asked: { url: string; subject: string | undefined }[] = [];
let failure: DomainError | undefined;
const all = [group('lms-1', { setId: 'lms-set', tag: 'team' }), group('lms-2', { isHidden: true })];
const groups: LmsGroups = {
  readGroups: async (_course, url, subject) => {
    asked.push({ url, subject });
    if (failure !== undefined) throw failure;
    return subject === undefined ? all : all.slice(0, 1);
  },
  readSets: async () => [group('lms-set')],
};
const world = await startAgsWorld(testDatabase, {
  routers: (services) => [createGroupsRouter({ ...services, groups })],
});
const { tool, otherTool } = world;
const { course: north } = await world.addSchool('north');
const { course: south } = await world.addSchool('south');
await world.addLink(north, 'a');
await world.addLink(south, 'a');
await world.addLink(north, 'of the other tool', otherTool);
const ada = await world.addPerson(north, 'ada');
const url = 'https://lms.example/north/groups';
await superuser.query('update lti_context set groups_url = $1, group_sets_url = $2 where context_id = $3', [
  ...[url, `${url}/sets`, north.contextId],
]);

const pathOf = (course: Course, what = 'groups', query = '') =>
  `/t/${course.tenant.slug}/groups/${course.contextId}/${what}${query}`;
async function read(path: string, options: CallOptions = {}) {
  const answer = await world.call(path, { scopes: [groupScope], ...options });
  return { ...answer, json: JSON.parse(answer.text) };
}

test('groups come under the tool’s own ids, in the media type of the service', async () => {
  const { status, headers, json, text } = await read(pathOf(north));
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(headers.get('content-type')).toBe('application/vnd.ims.lti-gs.v1.contextgroupcontainer+json');
  expect(json.id).toBe(`${world.issuer}${pathOf(north)}`);
  expect(json.groups.map(({ name }: { name: string }) => name).sort()).toEqual([
    'Group lms-1',
    'Group lms-2',
  ]);
  const ids = json.groups.map(({ id }: { id: string }) => id);
  for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
  expect(text).not.toMatch(/"lms-/);
  const sets = (await read(pathOf(north, 'sets'))).json.sets;
  const first = json.groups.find(({ tag }: { tag?: string }) => tag === 'team');
  expect(first.set_id).toBe(sets[0].id);
  expect((await read(pathOf(north))).json).toEqual(json);
  const theirs = (await read(pathOf(north), { tool: otherTool })).json.groups;
  expect(theirs.filter(({ id }: { id: string }) => ids.includes(id))).toEqual([]);
});

test('the groups of a person are asked for by the LMS’s name of them, and nobody unknown is', async () => {
  asked.length = 0;
  const { json } = await read(pathOf(north, 'groups', `?user_id=${encodeURIComponent(ada!)}`));
  expect(json.groups).toHaveLength(1);
  expect(asked).toEqual([{ url, subject: 'ada' }]);
  const nobody = await read(pathOf(north, 'groups', '?user_id=ada'));
  expect(nobody.json.groups).toEqual([]);
  expect(asked).toHaveLength(1);
});

test('a list goes on page by page', async () => {
  const first = await read(pathOf(north, 'groups', '?limit=1'));
  const next = /<[^>]*?(\/t\/[^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
  const second = await read(next!);
  expect([first.json.groups.length, second.json.groups.length]).toEqual([1, 1]);
  expect(second.json.groups[0].id).not.toBe(first.json.groups[0].id);
  expect(second.headers.get('link')).toBeNull();
});

test('names and tags go only where the name of the course may go', async () => {
  await database.withTenant(north.tenantId, (tx) => setPolicy(tx, otherTool.toolId, {}, by()));
  const { text } = await read(pathOf(north), { tool: otherTool });
  expect(text).not.toContain('Group lms');
  expect(text).not.toContain('"tag"');
  // Required by the service, so that there is some name.
  for (const { name } of JSON.parse(text).groups) expect(name).toMatch(/^[\w-]{6}$/);
});

test.each([
  ['without the scope', () => read(pathOf(north), { scopes: [membershipScope] }), 403, 'insufficient_scope'],
  ['where the LMS opens none', () => read(pathOf(south)), 403, 'groups_not_granted'],
  [
    'in a course of another school',
    () => read(`/t/south/groups/${north.contextId}/groups`),
    404,
    'context_unknown',
  ],
  ['at an address that is none', () => read('/t/north/groups/x/groups'), 404, 'address_unknown'],
] as const)('%s there are no groups', async (_where, ask, status, code) => {
  asked.length = 0;
  const refused = await ask();
  expect([refused.status, refused.json.code ?? refused.json.error]).toEqual([status, code]);
  expect(asked).toEqual([]);
});

test('what the LMS says to it is told in words for tools, and each call is an exchange', async () => {
  failure = new DomainError('upstream', 'lms_unavailable', 'https://lms.example says no');
  const { status, text } = await read(pathOf(north));
  failure = undefined;
  expect(status).toBe(503);
  expect(text).not.toContain('lms.example');
  await expect
    .poll(() => world.calls.at(-1))
    .toMatchObject({
      kind: 'nrps_call',
      outcome: 'failed_partner',
      toolId: tool.toolId,
      tenantId: north.tenantId,
    });
});
