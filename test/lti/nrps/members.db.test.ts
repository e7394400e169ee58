import { expect, test } from 'vitest';
import { agsScopes, membershipScope } from '../../../contracts/scopes.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import { updateTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { pupil, startNrpsWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startNrpsWorld(testDatabase);
const { memberships, open, pathOf, read, readAll, tool, otherTool } = world;
const { course: north } = await world.addSchool('north');
const { course: south } = await world.addSchool('south');
const learner = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner';
const instructor = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor';
const assistant = 'http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant';
const ada = await world.addPerson(north, 'ada');
await world.addLink(north, 'of the other tool', otherTool);
const url = await open(north, [
  pupil('ada'),
  // As at a launch, spaces around the number are none of it.
  pupil('ben', { status: 'Inactive', roles: [learner], lis_person_sourcedid: ' sis-ben ' }),
  pupil('cleo', { roles: [instructor] }),
  pupil('dan', { roles: [assistant], status: undefined }),
]);
const anonymous = { roster: { roles: 'allow' } } as const;
await database.withTenant(north.tenantId, (tx) => setPolicy(tx, otherTool.toolId, anonymous, by()));

const count = async (table: string) =>
  (await superuser.query(`select count(*)::int as count from ${table}`)).rows[0].count as number;

test('a class list comes under the tool’s own names for people, with what the policy lets out', async () => {
  const { json, headers, text, status } = await read(pathOf(north));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(json.id).toBe(`${world.issuer}${pathOf(north)}`);
  expect(json.context).toEqual({ id: north.contextId, title: 'Biology' });
  expect(json.members).toEqual([
    {
      status: 'Active',
      user_id: ada,
      name: 'Name ada',
      given_name: 'Name',
      family_name: 'ada',
      email: 'ada@school.example',
      roles: [learner],
    },
    expect.objectContaining({ status: 'Inactive', roles: [learner] }),
    expect.objectContaining({ status: 'Active', roles: [instructor] }),
    expect.objectContaining({ status: 'Active', roles: [assistant] }),
  ]);
  // The LMS's own names of people and its SIS's numbers are in no template.
  expect(text).not.toMatch(/"ada"[,}](?!.*family)|sis-/);
});

test('two tools know the same people by other names, and each what its own policy lets out', async () => {
  const mine = (await read(pathOf(north))).json.members;
  const theirs = (await read(pathOf(north), { tool: otherTool })).json.members;
  expect(theirs).toHaveLength(4);
  for (const member of theirs) expect(Object.keys(member).sort()).toEqual(['roles', 'status', 'user_id']);
  const ids = (list: typeof mine) => list.map(({ user_id }) => user_id);
  expect(ids(mine).filter((id) => ids(theirs).includes(id))).toEqual([]);
  expect(ids((await read(pathOf(north))).json.members)).toEqual(ids(mine));
});

test('whoever is met in a list is the same person at their next launch: one person, one link', async () => {
  const before = [await count('person'), await count('person_link'), await count('pseudonym')];
  await read(pathOf(north));
  expect([await count('person'), await count('person_link'), await count('pseudonym')]).toEqual(before);
  const { rows } = await superuser.query(
    `select p.name, p.email, k.claimed_id from person_link k join person p using (tenant_id, person_id)
     where k.connection_id = $1 and k.subject = 'ben'`,
    [north.connectionId],
  );
  expect(rows).toEqual([{ name: 'Name ben', email: 'ben@school.example', claimed_id: 'sis-ben' }]);
});

test('a scope of the gradebook opens no class list, and a right that was taken away ends at once', async () => {
  const wrong = await read(pathOf(north), { scopes: agsScopes });
  expect([wrong.status, wrong.json.code]).toEqual([403, 'insufficient_scope']);
  const none = await read(pathOf(north), { token: undefined });
  expect([none.status, none.json.code]).toEqual([401, 'token_missing']);
});

test('a course without a link of the tool, or of another school, is not found', async () => {
  const apart = await world.addCourse(north, 'apart');
  await superuser.query('delete from lti_resource_link where context_id = $1', [apart.contextId]);
  for (const path of [
    pathOf(apart),
    pathOf(south).replace('/t/south/', '/t/north/'),
    pathOf(north).replace('/t/north/', '/t/south/'),
  ]) {
    const { status, json } = await read(path);
    expect([status, json.code]).toEqual([404, 'context_unknown']);
  }
});

test('a course whose LMS names no class list is refused as not granted, and the LMS is asked for nothing', async () => {
  const before = memberships.asked.length;
  const closed = await read(pathOf(south));
  expect(memberships.asked).toHaveLength(before);
  expect([closed.status, closed.json.code]).toEqual([403, 'memberships_not_granted']);
});

test.each([
  ['Learner', 2],
  [learner, 2],
  ['Instructor', 2],
  [assistant, 1],
  ['Mentor', 0],
])('a role is filtered, also where the LMS does not: %s', async (role, members) => {
  const { json, differences } = await read(pathOf(north, { role }));
  expect(json.members).toHaveLength(members);
  expect(differences).toBeUndefined();
  expect(memberships.asked.at(-1)?.query?.role).toMatch(/^http/);
});

test('a tool that may not know roles learns none by asking for one', async () => {
  await database.withTenant(north.tenantId, (tx) => setPolicy(tx, otherTool.toolId, {}, by()));
  const all = (await read(pathOf(north), { tool: otherTool })).json.members;
  expect(all.map(({ roles }) => roles)).toEqual([[], [], [], []]);
  const asked = await read(pathOf(north, { role: 'Instructor' }), { tool: otherTool });
  expect(asked.json.members).toEqual([]);
  expect(memberships.asked.at(-1)?.query?.role).toBeUndefined();
  await database.withTenant(north.tenantId, (tx) => setPolicy(tx, otherTool.toolId, anonymous, by()));
});

const many = Array.from({ length: 23 }, (_, index) => pupil(`p${String(index).padStart(2, '0')}`));

test.each([
  ['pages as they are asked for', 100, 5],
  ['smaller pages', 3, 5],
  ['everything at once', undefined, 5],
])('pages go on to the end, each person once, where the LMS sends %s', async (_name, pageSize, limit) => {
  const course = await world.addCourse(north, `paged-${pageSize}`);
  await open(course, many);
  memberships.pageSize = pageSize;
  const { members, sizes } = await readAll(pathOf(course, { limit: String(limit) }));
  memberships.pageSize = 100;
  expect(new Set(members.map(({ user_id }) => user_id)).size).toBe(23);
  expect(members).toHaveLength(23);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
});

test('a link to the next page tells nothing of the LMS, and is good for this tool and this course only', async () => {
  const course = await world.addCourse(north, 'sealed');
  await world.addLink(course, 'x', otherTool);
  await open(course, many);
  const { next } = await read(pathOf(course, { limit: '5' }));
  const token = String(new URLSearchParams(next?.split('?')[1]).get('page'));
  expect(next).not.toContain('secret');
  expect(Buffer.from(token, 'base64url').toString()).not.toContain('lms.example');
  const tries = [
    read(String(next), { tool: otherTool }),
    read(`${pathOf(north)}?page=${token}`),
    read(`${pathOf(course)}?page=${token.slice(0, -2)}AA`),
    read(`${pathOf(course)}?page=https://lms.example/`),
  ];
  for (const { status, json } of await Promise.all(tries))
    expect([status, json.code]).toEqual([400, 'query_invalid']);
});

test.each(['0', '-1', 'x', '1.5'])('a limit of %s is refused', async (limit) => {
  expect((await read(pathOf(north, { limit }))).status).toBe(400);
});

test('the members of one of the tool’s links come with what a launch of it would say', async () => {
  const rlid = await world.addLink(north, 'lms-link-1');
  const custom = { 'https://purl.imsglobal.org/spec/lti/claim/custom': { level: '9', seat: 'row four' } };
  memberships.lists.set(url, [pupil('ada', { message: [custom] }), pupil('ben', { message: custom })]);
  await database.withTenant(north.tenantId, (tx) =>
    setPolicy(tx, otherTool.toolId, { roster: { 'custom.level': 'allow' } }, by()),
  );
  const own = await read(pathOf(north, { rlid }));
  expect(memberships.asked.at(-1)?.query?.lmsResourceLinkId).toBe('lms-link-1');
  expect(own.json.members.map(({ message }) => message)).toEqual([
    [
      expect.objectContaining({
        'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
      }),
    ],
    [expect.anything()],
  ]);
  expect(JSON.stringify(own.json)).not.toContain('row four');
  const otherLink = await world.addLink(north, 'lms-link-2', otherTool);
  const theirs = await read(pathOf(north, { rlid: otherLink }), { tool: otherTool });
  const said = theirs.json.members.map(
    ({ message }) => message?.[0]?.['https://purl.imsglobal.org/spec/lti/claim/custom'],
  );
  // Blackboard sends the one message by itself.
  expect(said).toEqual([{ level: '9' }, { level: '9' }]);
  // Without a link there is no message (NRPS 2.0 §3.2).
  expect((await read(pathOf(north))).json.members[0]).not.toHaveProperty('message');

  for (const denied of [
    otherLink,
    'x',
    '00000000-0000-7000-8000-000000000000',
    await world.addLink(south, 'y'),
  ]) {
    const { status, json } = await read(pathOf(north, { rlid: denied }));
    expect([status, json.code]).toEqual([403, 'resource_link_denied']);
  }
});

test('members that cannot be told apart are left out, and one who is listed twice comes once', async () => {
  memberships.lists.set(url, [
    pupil('ada'),
    pupil('ada', { roles: ['Instructor'] }),
    { name: 'nobody' },
    { user_id: 5.5 },
    pupil('x'.repeat(256)),
    pupil('nul\0'),
  ]);
  expect((await read(pathOf(north))).json.members.map(({ user_id }) => user_id)).toEqual([ada]);
});

test('each call is counted with its outcome, and what failed is told in words for tools', async () => {
  const course = await world.addCourse(north, 'failing');
  await open(course, []);
  const failures: [DomainError, number, string, string][] = [
    [
      new DomainError('upstream', 'lms_unavailable', 'secret of the LMS'),
      503,
      'lms_unavailable',
      'failed_partner',
    ],
    [
      new DomainError('upstream', 'lms_answer_invalid', 'secret of the LMS'),
      502,
      'lms_answer_invalid',
      'failed_partner',
    ],
    [
      new DomainError('conflict', 'lms_misconfigured', 'secret of the LMS', {
        details: { reason: 'scope_missing' },
      }),
      502,
      'lms_misconfigured',
      'failed_config',
    ],
    [
      new DomainError('upstream', 'lms_refused', 'secret of the LMS', { details: { status: 403 } }),
      403,
      'lms_refused',
      'failed_config',
    ],
  ];
  for (const [failure, status, code, outcome] of failures) {
    memberships.failure = failure;
    const answer = await read(pathOf(course));
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.text).not.toContain('secret');
    await expect
      .poll(() => world.calls.at(-1))
      .toMatchObject({ kind: 'nrps_call', outcome, reason: code, toolId: tool.toolId });
  }
  memberships.failure = undefined;
  await read(pathOf(course));
  await expect
    .poll(() => world.calls.at(-1))
    .toMatchObject({ kind: 'nrps_call', outcome: 'success', reason: null, tenantId: north.tenantId });
});

test('no name, address or number of a person is in the log', async () => {
  expect(world.lines.length).toBeGreaterThan(10);
  expect(JSON.stringify(world.lines)).not.toMatch(/Name ada|@school|sis-|"ada"/);
});

test('a tool whose right to class lists is taken away reads none with the token it has', async () => {
  await database.withHub((tx) =>
    updateTool(tx, tool.toolId, { scopes: [...agsScopes] }, loopbackAllowed, by()),
  );
  world.directory.forgetAll();
  const { status, json } = await read(pathOf(north), { scopes: [membershipScope] });
  expect([status, json.code]).toEqual([403, 'insufficient_scope']);
});
