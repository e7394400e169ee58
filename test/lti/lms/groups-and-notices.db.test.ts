import { expect, test } from 'vitest';
import { groupScope, noticeScope } from '../../../contracts/scopes.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createLmsWorld, createScriptedLms, lmsUrl, type ScriptedAnswer } from './lms-world.ts';

const world = await createLmsWorld(await createTestDatabase());
const course = await world.school('groups');
const groupsUrl = `${lmsUrl}/courses/7/groups?type_id=2`;
const serviceUrl = `${lmsUrl}/notice-handlers/7`;

function answering(...answers: ScriptedAnswer[]) {
  const lms = createScriptedLms();
  lms.onCall = () => answers.shift() ?? { status: 500 };
  const services = world.copy(lms.fetch);
  return { lms, ...services, calls: () => lms.requests.filter(({ url }) => !url.endsWith('/token')) };
}

const list = (groups: unknown, next?: string): ScriptedAnswer => ({
  status: 200,
  body: { id: groupsUrl, groups },
  headers: next === undefined ? {} : { link: `<${next}>; rel="next"` },
});

test('every page of the groups is read, with the scope and media type of the service', async () => {
  const { groups, calls, lms } = answering(
    list([{ id: 'a', name: 'Team A', set_id: 7, tag: 't' }, { name: 'nobody' }], `${groupsUrl}&page=2`),
    list([{ id: 8, name: 'Team B', hidden: true }]),
  );
  expect(await groups.readGroups(course, groupsUrl)).toEqual([
    { id: 'a', name: 'Team A', tag: 't', setId: '7', isHidden: false },
    { id: '8', name: 'Team B', tag: undefined, setId: undefined, isHidden: true },
  ]);
  expect(calls().map(({ url }) => url)).toEqual([groupsUrl, `${groupsUrl}&page=2`]);
  expect(calls()[0]!.headers).toMatchObject({
    accept: 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json',
  });
  expect(lms.tokenRequests().map((form) => form.get('scope'))).toEqual([groupScope]);
});

test('the groups of one person, and sets, are asked for at their addresses', async () => {
  const { groups, calls } = answering(list([]), { status: 200, body: { sets: [{ id: 's', name: 'Set' }] } });
  await groups.readGroups(course, groupsUrl, 'ada +1');
  expect(await groups.readSets(course, `${lmsUrl}/sets`)).toMatchObject([{ id: 's', name: 'Set' }]);
  expect(calls().map(({ url }) => url)).toEqual([`${groupsUrl}&user_id=ada%20%2B1`, `${lmsUrl}/sets`]);
  expect(calls()[1]!.headers!.accept).toBe('application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json');
});

test.each([
  ['no list', { status: 200, body: { groups: {} } }, 'lms_answer_invalid'],
  ['a next page elsewhere', list([], 'https://evil.example/2'), 'lms_answer_invalid'],
  ['pages in a circle', list([], groupsUrl), 'lms_answer_invalid'],
  ['a failure', { status: 502 }, 'lms_unavailable'],
  ['a refusal', { status: 403 }, 'lms_refused'],
  ['an address that is refused', 'outbound_address_refused', 'lms_misconfigured'],
] as const)('%s is told apart', async (_name, answer, code) => {
  const { groups } = answering(answer as ScriptedAnswer);
  await expect(groups.readGroups(course, groupsUrl)).rejects.toMatchObject({ code });
});

test('the hub says where it wants notices with the scope of that service alone', async () => {
  const { notices, calls, lms } = answering({ status: 200, body: {} });
  const url = 'https://hub.example/t/school/lti/notices/1';
  await notices.putHandler(course, serviceUrl, { type: 'LtiContextCopyNotice', url });
  const [sent] = calls();
  expect(sent).toMatchObject({ method: 'PUT', url: serviceUrl });
  expect(JSON.parse(String(sent!.body))).toEqual({ notice_type: 'LtiContextCopyNotice', handler: url });
  expect(lms.tokenRequests().map((form) => form.get('scope'))).toEqual([noticeScope]);
});

test('an LMS that gives no right to notices is a matter of settings', async () => {
  const other = await world.school('no-right');
  const { notices, lms } = answering();
  lms.onToken = () => ({ status: 400, body: { error: 'invalid_scope' } });
  const handler = { type: 'LtiHelloWorldNotice', url: 'https://hub.example/x' };
  await expect(notices.putHandler(other, serviceUrl, handler)).rejects.toMatchObject({
    code: 'lms_misconfigured',
    details: { reason: 'scope_missing' },
  });
});
