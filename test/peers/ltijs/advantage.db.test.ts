import { expect, test } from 'vitest';
import { opaqueId } from '../../../src/demo/lms/claims.ts';
import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { postLaunch } from '../../support/launch.ts';
import { choicePath, membersPath } from './advantage-calls.ts';
import { openSession, postArrival, readFacts, type Session } from './launch.ts';
import type { ContentChoice, MembersCall } from './messages.ts';
import { startLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { world: worldWithLtijs, grades: true });
const tool = await startLtijs(testDatabase, world, { northside: 'names_and_email', riverbend: 'anonymous' });

interface Member {
  user_id: string;
  status: string;
  roles: string[];
  name?: string;
  email?: string;
  message?: unknown[];
}
interface ClassList {
  members: Member[];
  next?: string;
  differences?: string;
  refused?: number | string;
}

async function ask(session: Session, path: string, call: MembersCall | ContentChoice): Promise<Answer> {
  const address = new URL(path, session.page);
  address.search = new URL(session.page).search;
  return send(address.href, { form: { call: JSON.stringify(call) }, cookies: session.cookies });
}

async function members(session: Session, options: MembersCall['options'] = {}): Promise<ClassList> {
  return JSON.parse((await ask(session, membersPath, { options })).body) as ClassList;
}

test('ltijs reads the class list, and knows everybody in it by the name of their launches', async () => {
  const teacher = await openSession(world, 'ns-okafor', 'northside');
  const list = await members(teacher);
  expect(list.members).toHaveLength(6);
  const amara = await readFacts(await openSession(world, 'ns-nwosu', 'northside'));
  expect(list.members.find(({ user_id }) => user_id === amara.sub)).toMatchObject({
    name: 'Amara Nwosu',
    email: 'amara.nwosu@northside.example',
    status: 'Active',
    // The LMS writes short names.
    roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  });
  expect(JSON.stringify(list)).not.toContain(opaqueId('sub', 'ns-nwosu'));
});

test('where the policy is anonymous, ltijs reads a class list of nobody in particular', async () => {
  const list = await members(await openSession(world, 'rb-larsen', 'riverbend'));
  expect(list.members).toHaveLength(6);
  for (const member of list.members)
    expect(Object.keys(member).sort()).toEqual(['roles', 'status', 'user_id']);
});

test('ltijs follows pages, filters by role and by link, and comes back for what has changed', async () => {
  const teacher = await openSession(world, 'ns-okafor', 'northside');
  const all = await members(teacher, { limit: 2, pages: false });
  expect(new Set(all.members.map(({ user_id }) => user_id)).size).toBe(6);
  const first = await members(teacher, { limit: 4 });
  expect(first.members).toHaveLength(4);
  expect((await members(teacher, { url: String(first.next) })).members).toHaveLength(2);
  expect((await members(teacher, { role: 'Learner' })).members).toHaveLength(4);
  const ofLink = await members(teacher, { resourceLinkId: true });
  expect(ofLink.members.every(({ message }) => message?.length === 1)).toBe(true);
  expect((await members(teacher, { url: String(all.differences) })).members).toEqual([]);
});

/** The LMS asks for content, the teacher chooses ltijs among the tools, and is in it. */
async function askLtijs(person: string): Promise<Session> {
  const login = await send(world.lms.startContentLogin({ person }).getUrl);
  const answered = { ...readForm((await send(String(login.location))).body), cookies: login.setCookies };
  const picker = await postLaunch(world, answered);
  const { action, fields } = readForm(picker.body);
  const ownPage = { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' };
  const opened = await send(action, { form: { ...fields, tool: 'ltijs' }, headers: ownPage });
  const started = await send(String(opened.location));
  const cookies = opened.setCookies;
  const authorized = await send(String(started.location), { cookies });
  const arrival = { ...readForm(authorized.body), cookies: started.setCookies };
  const posted = await postArrival(arrival);
  if (posted.location === undefined) throw new Error(`ltijs took no request: ${posted.body}`);
  const page = new URL(posted.location, arrival.action).href;
  return { page, cookies: [...posted.setCookies, ...cookies] };
}

/** What was chosen goes to the hub, and from there to the LMS. */
async function hand(session: Session, choice: ContentChoice): Promise<{ hub: Answer; lms: Answer }> {
  const form = await ask(session, choicePath, choice);
  const jwt =
    /name="JWT"[^>]*value="([^"]*)"/.exec(form.body)?.[1] ?? /value="(ey[^"]*)"/.exec(form.body)?.[1];
  const action = /action="([^"]*)"/.exec(form.body)?.[1];
  const hub = await send(String(action), { form: { JWT: String(jwt) }, cookies: session.cookies });
  const onward = readForm(hub.body);
  return { hub, lms: await send(onward.action, { form: onward.fields }) };
}

const chosen = () =>
  world.lms.world.schools[0]!.course.modules.find(({ id }) => id === 'northside-chosen')?.items ?? [];

test('a teacher chooses content in ltijs, and what was chosen opens there, with its column in the gradebook', async () => {
  const session = await askLtijs('ns-okafor');
  expect((await send(session.page, { cookies: session.cookies })).body).toContain('Choose in ltijs');
  const item = {
    type: 'ltiResourceLink',
    title: 'Photosynthesis',
    url: tool.targetLinkUri,
    custom: { unit: '7' },
    lineItem: { label: 'Photosynthesis', scoreMaximum: 30, resourceId: 'unit 7', tag: 'lab' },
  };
  const { lms } = await hand(session, { items: [item], options: { message: 'One lab added' } });
  expect(lms.body).toContain('Added to the course');
  expect(lms.body).toContain('One lab added');
  const [link] = chosen();
  expect(link).toMatchObject({ kind: 'tool', title: 'Photosynthesis', custom: { unit: '7' } });
  const { course } = world.lms.world.schools[0]!;
  expect(world.lms.gradebook.coupledTo(course.id, opaqueId('link', link!.id))).toMatchObject([
    { label: 'Photosynthesis', scoreMaximum: 30, resourceId: 'unit 7', tag: 'lab' },
  ]);

  const login = await send(world.lms.startLogin({ person: 'ns-nwosu', link: link!.id }).getUrl);
  const answered = { ...readForm((await send(String(login.location))).body), cookies: login.setCookies };
  const launched = await postLaunch(world, answered);
  const started = await send(String(launched.location));
  const authorized = await send(String(started.location), { cookies: answered.cookies });
  const arrival = { ...readForm(authorized.body), cookies: started.setCookies };
  const posted = await postArrival(arrival);
  const facts = await readFacts({
    page: new URL(String(posted.location), arrival.action).href,
    cookies: posted.setCookies,
  });
  expect(facts).toMatchObject({
    name: 'Amara Nwosu',
    lineItem: expect.stringContaining('/t/northside/ags/'),
  });
});

test('what ltijs calls an error is read by the teacher on the way, though it misspells the claim', async () => {
  const session = await askLtijs('ns-whitfield');
  const { hub, lms } = await hand(session, { items: [], options: { errMessage: 'Nothing could be copied' } });
  expect(hub.body).toContain('Nothing could be copied');
  expect(lms.body).toContain('Nothing was added');
  expect(lms.body).toContain('Nothing could be copied');
});

test('an answer of ltijs counts once', async () => {
  const session = await askLtijs('ns-okafor');
  const before = chosen().length;
  const link = { type: 'link', title: 'Cells', url: 'https://cells.example/' };
  expect((await hand(session, { items: [link], options: {} })).lms.body).toContain('Added to the course');
  const again = await ask(session, choicePath, { items: [link], options: {} });
  const jwt = /value="(ey[^"]*)"/.exec(again.body)?.[1];
  const answer = await send(`${world.hubUrl}/platform/deep-linking`, {
    form: { JWT: String(jwt) },
    cookies: session.cookies,
  });
  expect(answer.body).toContain('answer_unknown');
  expect(chosen()).toHaveLength(before + 1);
});
