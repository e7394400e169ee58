import { expect, test } from 'vitest';
import { agsScopes, membershipScope } from '../../../contracts/scopes.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createLmsWorld, createScriptedLms, lmsUrl, type ScriptedAnswer } from './lms-world.ts';

const world = await createLmsWorld(await createTestDatabase());
const course = await world.school('memberships');
const listUrl = `${lmsUrl}/courses/7/members?type_id=2`;

function answering(...answers: ScriptedAnswer[]) {
  const lms = createScriptedLms();
  lms.onCall = () => answers.shift() ?? { status: 500 };
  const services = world.copy(lms.fetch);
  return { lms, ...services, calls: () => lms.requests.filter(({ url }) => !url.endsWith('/token')) };
}

const list = (members: unknown, next?: string): ScriptedAnswer => ({
  status: 200,
  body: { id: listUrl, members },
  headers: next === undefined ? {} : { link: `<${next}>; rel="next"` },
});

test('a class list is asked for with its own scope and media type, and what is wanted of it', async () => {
  const { memberships, calls, lms } = answering(
    list([{ user_id: 'ada', roles: ['Learner'] }], `${listUrl}&page=2`),
  );
  const query = { role: 'Learner', limit: 50, lmsResourceLinkId: 'link +1' };
  const page = await memberships.readFirst(course, listUrl, query);
  expect(page.members).toMatchObject([{ subject: 'ada', state: 'Active', roles: ['Learner'] }]);
  expect(page.next).toBe(`${listUrl}&page=2`);
  expect(calls()[0]).toMatchObject({
    method: 'GET',
    url: `${listUrl}&rlid=link%20%2B1&role=Learner&limit=50`,
    headers: { accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json' },
  });
  expect(lms.tokenRequests().map((form) => form.get('scope'))).toEqual([membershipScope]);
});

test('a class list that names its course otherwise than launches do is read all the same', async () => {
  const { memberships } = answering({
    status: 200,
    body: { id: listUrl, context: { id: 'Coursera’s own' }, members: [{ user_id: 'ada', roles: [] }] },
  });
  expect((await memberships.readFirst(course, listUrl, {})).members).toHaveLength(1);
});

test('grades and class lists have tokens of their own, each asked for once', async () => {
  const other = await world.school('two-tokens');
  const { memberships, gradebook, lms } = answering(list([]), { status: 200, body: [] }, list([]), {
    status: 200,
    body: [],
  });
  for (let turn = 0; turn < 2; turn += 1) {
    await memberships.readFirst(other, listUrl, {});
    await gradebook.listLineItems(other, `${lmsUrl}/items`, {});
  }
  expect(lms.tokenRequests().map((form) => form.get('scope'))).toEqual([
    membershipScope,
    agsScopes.join(' '),
  ]);
});

test('a token that is not taken any more is asked for anew, once', async () => {
  const other = await world.school('stale-token');
  const { memberships, lms } = answering({ status: 401 }, list([]));
  await memberships.readFirst(other, listUrl, {});
  expect(lms.tokenRequests()).toHaveLength(2);
});

test.each([
  ['schoology', { lmsResourceLinkId: 'link', limit: 5 }, '&limit=5'],
  ['moodle', { lmsResourceLinkId: 'link', limit: 5 }, '&rlid=link'],
  ['canvas', { lmsResourceLinkId: 'link', limit: 5 }, '&rlid=link&limit=5'],
] as const)('%s is asked for what it understands', async (family, query, asked) => {
  const other = await world.school(`family-${family}`, { family });
  const { memberships, calls } = answering(list([]));
  await memberships.readFirst(other, listUrl, query);
  expect(calls().map(({ url }) => url)).toEqual([`${listUrl}${asked}`]);
});

test.each([
  ['no object', { status: 200, body: [] }, 'lms_answer_invalid'],
  ['no members', { status: 200, body: { members: {} } }, 'lms_answer_invalid'],
  ['no JSON', { status: 200, body: '<html>' }, 'lms_answer_invalid'],
  ['a next page elsewhere', list([], 'https://evil.example/2'), 'lms_answer_invalid'],
  ['a next page that is the same', list([], listUrl), 'lms_answer_invalid'],
  ['a body without end', 'outbound_too_large', 'lms_answer_invalid'],
  ['no answer', 'outbound_timeout', 'lms_unavailable'],
  ['a failure', { status: 502 }, 'lms_unavailable'],
  ['too many calls', { status: 429 }, 'lms_unavailable'],
  ['a refusal', { status: 403 }, 'lms_refused'],
  ['an address that is refused', 'outbound_address_refused', 'lms_misconfigured'],
] as const)('%s is told apart', async (_name, answer, code) => {
  const { memberships } = answering(answer as ScriptedAnswer);
  await expect(memberships.readFirst(course, listUrl, {})).rejects.toMatchObject({ code });
});

test('an LMS that gives no right to class lists is a matter of settings, and says nothing of gradebooks', async () => {
  const other = await world.school('no-right');
  const { memberships, lms } = answering();
  lms.onToken = () => ({ status: 400, body: { error: 'invalid_scope' } });
  await expect(memberships.readFirst(other, listUrl, {})).rejects.toMatchObject({
    code: 'lms_misconfigured',
    details: { reason: 'scope_missing' },
    message: expect.not.stringContaining('gradebook'),
  });
});

test('a page is asked for only where the class list is now', async () => {
  const { memberships, calls } = answering(list([]));
  const old = 'https://lms.before.example/courses/7/members?page=2';
  await expect(memberships.readNext(course, listUrl, old)).rejects.toMatchObject({
    code: 'lms_answer_invalid',
  });
  expect(calls()).toEqual([]);
});

test('parameters that are no texts are left out, whatever they are', async () => {
  const custom = { plain: 'x', odd: { toString: 1, valueOf: 1 }, list: [{}] };
  const message = [{ 'https://purl.imsglobal.org/spec/lti/claim/custom': custom }];
  const { memberships } = answering(list([{ user_id: 'a', message }]));
  const { members } = await memberships.readFirst(course, listUrl, {});
  expect(members.map((member) => member.custom)).toEqual([{ plain: 'x' }]);
});

test('members are read whatever else stands in them', async () => {
  const odd = [
    { user_id: 'a', status: 'inactive', roles: 'Learner' },
    { user_id: 'b', status: 'Suspended', roles: ['Learner', 5, ''], name: 7, email: null },
    null,
    'x',
  ];
  const { memberships } = answering(list(odd));
  const { members } = await memberships.readFirst(course, listUrl, {});
  expect(members.map(({ subject, state, roles, name }) => [subject, state, roles, name])).toEqual([
    ['a', 'Inactive', [], undefined],
    ['b', 'Inactive', ['Learner'], undefined],
  ]);
});
