import { beforeAll, expect, test } from 'vitest';
import { listDeliveries } from '../../../src/grades/deliveries.ts';
import { readForm, send } from '../../demo/support/user-agent.ts';
import { click, readButtons, startPortalWorld, visit } from '../../sso/portal/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { membersPath } from './advantage-calls.ts';
import { gradeCallsPath } from './grade-calls.ts';
import { postArrival, readFacts, type Session } from './launch.ts';
import type { GradeAnswer } from './messages.ts';
import { startLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const { world, northside } = await startPortalWorld(testDatabase, { world: worldWithLtijs, grades: true });
const tool = await startLtijs(testDatabase, world, { northside: 'names_and_email', riverbend: 'anonymous' });
let cookie: string;
let group: string;

/** A click in the portal and the way to ltijs's page; `redirects` are those a browser follows on it. */
async function open(form: Record<string, string>): Promise<Session & { redirects: number }> {
  const clicked = await click(northside, cookie, { tool: tool.toolId, ...form });
  const login = await send(String(clicked.location));
  const authorized = await send(String(login.location), { cookies: clicked.setCookies });
  const arrival = { ...readForm(authorized.body), cookies: login.setCookies };
  const posted = await postArrival(arrival);
  if (posted.location === undefined) throw new Error(`ltijs took no launch: ${posted.body}`);
  const page = new URL(posted.location, arrival.action).href;
  return {
    page,
    cookies: posted.setCookies,
    redirects: [clicked, login].filter((each) => each.location).length,
  };
}

async function call(session: Session, method: string, ...given: unknown[]): Promise<unknown> {
  const address = new URL(gradeCallsPath, session.page);
  address.search = new URL(session.page).search;
  const form = { call: JSON.stringify({ method, given }) };
  const { body } = await send(address.href, { form, cookies: session.cookies });
  const answer = JSON.parse(body) as GradeAnswer;
  if (answer.kind !== 'done') throw new Error(`${method}: ${body}`);
  return answer.value;
}

beforeAll(async () => {
  await northside.addClass('bio', 'Biology 9');
  const ada = await northside.addUser('ada', ['Ada', 'Byron'], 'student');
  await northside.enroll('ada', 'bio', 'student');
  await northside.addUser('grace', ['Grace', 'Hopper'], 'teacher');
  await northside.enroll('grace', 'bio', 'teacher');
  ({ cookie } = await northside.signIn(ada));
  group = String(readButtons(await visit(northside.portal, cookie)).find((each) => each.class)?.class);
});

test('ltijs takes a launch from the portal for an ordinary one, by the two redirects of the protocol', async () => {
  const session = await open({ class: group });
  expect(session.redirects).toBe(2);
  expect(await readFacts(session)).toMatchObject({
    name: 'Ada Byron',
    email: 'ada@school.example',
    roles: expect.arrayContaining(['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner']),
    course: 'Biology 9',
  });
});

test('without a class ltijs opens as well', async () => {
  const { name, course } = await readFacts(await open({}));
  expect([name, course]).toEqual(['Ada Byron', undefined]);
});

test('ltijs makes a line item, sends a score that is kept, and reads it back', async () => {
  const session = await open({ class: group });
  const { sub } = await readFacts(session);
  const item = (await call(
    session,
    'createLineItem',
    { label: 'From the portal', scoreMaximum: 20, tag: 'made' },
    { resourceLinkId: true },
  )) as { id: string; resourceLinkId: string };
  expect(item.resourceLinkId).toBeDefined();
  const score = {
    scoreGiven: 12,
    scoreMaximum: 20,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  };
  await call(session, 'submitScore', item.id, score);
  const { scores } = (await call(session, 'getScores', item.id, { userId: sub })) as { scores: unknown[] };
  expect(scores).toEqual([expect.objectContaining({ userId: sub, resultScore: 12, resultMaximum: 20 })]);
  const { database } = testDatabase;
  await expect
    .poll(
      () =>
        database.withTenant(northside.tenant.tenantId, (tx) =>
          listDeliveries(tx, { reason: 'waiting_for_destination' }, { limit: 10 }),
        ),
      { timeout: 10_000 },
    )
    .toMatchObject([{ state: 'pending', attempts: 0 }]);
});

test('ltijs reads the class list of the roster, where no LMS stands behind the class', async () => {
  const session = await open({ class: group });
  const { sub } = await readFacts(session);
  const read = async (options: object) => {
    const address = new URL(membersPath, session.page);
    address.search = new URL(session.page).search;
    const form = { call: JSON.stringify({ options }) };
    const { body } = await send(address.href, { form, cookies: session.cookies });
    return JSON.parse(body) as { members: { user_id: string; name: string }[]; next?: string };
  };
  const { members } = await read({ pages: false });
  expect(members).toContainEqual({
    user_id: sub,
    status: 'Active',
    name: 'Ada Byron',
    given_name: 'Ada',
    family_name: 'Byron',
    email: 'ada@school.example',
    roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  });
  const paged = await read({ limit: 1, pages: false });
  expect(paged.members.map(({ user_id }) => user_id).sort()).toEqual(
    members.map(({ user_id }) => user_id).sort(),
  );
  expect(members.length).toBeGreaterThan(1);
});
