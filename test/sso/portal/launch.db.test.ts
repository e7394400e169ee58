import type { JWTPayload } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../../contracts/ids.ts';
import { agsScopes } from '../../../contracts/scopes.ts';
import { copyAll } from '../../../src/health/jobs.ts';
import { claim } from '../../../src/lti/claims.ts';
import { explainLaunch, findLaunches } from '../../../src/lti/inbound/trace.ts';
import { mergePeople } from '../../../src/people/merges.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { endFor } from '../../../src/sso/sessions/sessions.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { send } from '../../demo/support/user-agent.ts';
import { addToolClient } from '../../lti/token/tool-client.ts';
import { authenticationRequest, claimsToldTo, readPosted, sendAuthorize } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { openTool } from '../../support/launch.ts';
import { launchesOf } from '../../support/launch-rows.ts';
import { click, countLaunches, keysOf, type PortalSchool, startPortalWorld, told, visit } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const { world, northside, riverbend } = await startPortalWorld(testDatabase);
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
let ada: PersonId;
let cookie: string;
/** Of the classes, by their titles. */
let keys: Record<string, string>;

const open = (form: Record<string, string> = {}, session = cookie, school: PortalSchool = northside) =>
  click(school, session, { tool: world.tool.toolId, ...form });

beforeAll(async () => {
  await northside.addClass('bio', 'Biology 9', { class_code: 'BIO-9' });
  await northside.addClass('maths', 'Maths 10');
  await northside.addClass('foreign', 'Of others');
  ada = await northside.addUser('ada', ['Ada', 'Byron'], 'student');
  for (const id of ['bio', 'maths']) await northside.enroll('ada', id, 'student');
  ({ cookie } = await northside.signIn(ada));
  keys = await keysOf(northside, cookie);
});

test('a click is an LTI launch for the class, with what the roster says of the pupil', async () => {
  const claims = await told(world, await open({ class: keys['Biology 9']! }));
  expect(claims).toMatchObject({
    iss: world.hubUrl,
    aud: world.tool.clientId,
    name: 'Ada Byron',
    given_name: 'Ada',
    family_name: 'Byron',
    email: 'ada@school.example',
    [claim.messageType]: 'LtiResourceLinkRequest',
    [claim.version]: '1.3.0',
    [claim.roles]: [`${membership}#Learner`, `${institution}#Student`],
    [claim.context]: { label: 'BIO-9', title: 'Biology 9' },
    [claim.resourceLink]: { title: 'Sample tool' },
    [claim.targetLinkUri]: world.tool.targetLinkUri,
    [claim.agsEndpoint]: { scope: expect.arrayContaining([...agsScopes]), lineitems: expect.any(String) },
  });
  expect(claims[claim.agsEndpoint]).not.toHaveProperty('lineitem');
  const { launch_presentation: presentation } = {
    launch_presentation: claims[claim.launchPresentation] as never,
  };
  const back = await send((presentation as { return_url: string }).return_url);
  expect(back.location).toBe(northside.portal);
});

test('the tool’s deployment is that of launches from the LMS', async () => {
  const [fromLms, fromPortal] = [await claimsToldTo(world), await told(world, await open())];
  expect(fromPortal[claim.deploymentId]).toBe(fromLms[claim.deploymentId]);
});

test('person, class and link have the same names at every launch, and each class a link of its own', async () => {
  const ids = (claims: JWTPayload) => [
    claims.sub,
    (claims[claim.context] as { id: string } | undefined)?.id,
    (claims[claim.resourceLink] as { id: string }).id,
  ];
  const first = ids(await told(world, await open({ class: keys['Biology 9']! })));
  expect(ids(await told(world, await open({ class: keys['Biology 9']! })))).toEqual(first);
  const other = ids(await told(world, await open({ class: keys['Maths 10']! })));
  const alone = ids(await told(world, await open()));
  expect([other[0], alone[0]]).toEqual([first[0], first[0]]);
  expect(alone[1]).toBeUndefined();
  expect(new Set([first[2], other[2], alone[2]]).size).toBe(3);
  expect(other[1]).not.toBe(first[1]);
  // A class-mate is in the same class and at the same link.
  const mate = await northside.addUser('mate', ['Class', 'Mate'], 'student');
  await northside.enroll('mate', 'bio', 'student');
  const session = (await northside.signIn(mate)).cookie;
  const theirs = ids(await told(world, await open({ class: keys['Biology 9']! }, session)));
  expect(theirs.slice(1)).toEqual(first.slice(1));
  expect(theirs[0]).not.toBe(first[0]);
});

test('on its own a tool is told no class, and who the person is at the school', async () => {
  const claims = await told(world, await open());
  expect(claims).not.toHaveProperty([claim.context]);
  expect(claims).not.toHaveProperty([claim.agsEndpoint]);
  expect(claims[claim.roles]).toEqual([`${institution}#Student`]);
});

test.each([
  ['teacher', [`${membership}#Instructor`]],
  ['aide', [`${membership}/Instructor#TeachingAssistant`, `${membership}#Instructor`]],
  ['guardian', [`${membership}#Mentor`]],
  ['administrator', [`${membership}#Administrator`]],
  ['proctor', [`${membership}#Member`]],
  ['constructor', [`${membership}#Member`]],
])('whoever the roster calls %s in a class is so by LTI’s vocabulary', async (role, expected) => {
  const person = await northside.addUser(`as-${role}`, ['Some', 'Body'], 'ext:unheard-of');
  await northside.enroll(`as-${role}`, 'bio', role);
  // The roster knows nothing LTI knows of them at the school; the sign-in does.
  const session = (await northside.signIn(person, 'staff')).cookie;
  const claims = await told(
    world,
    await open({ class: (await keysOf(northside, session))['Biology 9']! }, session),
  );
  expect(claims[claim.roles]).toEqual([...expected, `${institution}#Staff`]);
});

test('a role that changes between page and click is the new one', async () => {
  const person = await northside.addUser('grace', ['Grace', 'Hopper'], 'student');
  await northside.enroll('grace', 'bio', 'student');
  const session = (await northside.signIn(person)).cookie;
  const { 'Biology 9': key } = await keysOf(northside, session);
  await superuser.query(`update roster_enrollment set role = 'teacher' where user_sourced_id = 'grace'`);
  expect((await told(world, await open({ class: key! }, session)))[claim.roles]).toContain(
    `${membership}#Instructor`,
  );
});

test('the policy decides what the tool is told, as for every launch', async () => {
  const person = await riverbend.addUser('rob', ['Rob', 'Private'], 'student');
  await riverbend.addClass('art', 'Art');
  await riverbend.enroll('rob', 'art', 'student');
  const { tenantId } = riverbend.tenant;
  const { rows } = await superuser.query(
    'select rules from release_policy where tenant_id = $1 order by version desc limit 1',
    [tenantId],
  );
  const rules = JSON.stringify({ ...rows[0].rules, launch: { roles: { action: 'pass' } } });
  await superuser.query('update release_policy set rules = $1 where tenant_id = $2', [rules, tenantId]);
  const session = (await riverbend.signIn(person)).cookie;
  const { Art } = await keysOf(riverbend, session);
  const claims = await told(world, await open({ class: Art! }, session, riverbend));
  expect(JSON.stringify(claims)).not.toMatch(/Private|school\.example|"Art"/);
});

test('ids of another school or of classes of others open nothing', async () => {
  const stranger = await riverbend.addUser('stranger', ['Strange', 'Person'], 'teacher');
  await riverbend.addClass('bio', 'Biology of Riverbend');
  await riverbend.enroll('stranger', 'bio', 'teacher');
  const theirs = (await riverbend.signIn(stranger)).cookie;
  const foreign = (await keysOf(riverbend, theirs))['Biology of Riverbend']!;
  const others = await northside.addUser('others', ['Other', 'Pupil'], 'student');
  await northside.enroll('others', 'foreign', 'student');
  const unshared = (await keysOf(northside, (await northside.signIn(others)).cookie))['Of others']!;
  const before = await countLaunches(superuser);
  for (const key of [foreign, unshared, 'x', `${northside.sis} bio`]) {
    const answer = await open({ class: key });
    expect([answer.status, answer.location]).toEqual([409, undefined]);
    expect(answer.body).toContain('You are not in this class any more.');
    expect(answer.body).not.toMatch(/Riverbend|Of others/);
  }
  // A session of this school at the other one's address, under either name of the cookie.
  const [ours, their] = [northside, riverbend].map(({ tenant }) => tenant.tenantId.replaceAll('-', ''));
  for (const session of [cookie, cookie.replace(ours!, their!)]) {
    expect((await open({ class: foreign }, session, riverbend)).location).toMatch(
      /^\/t\/riverbend\/sign-in\?/,
    );
  }
  expect(await countLaunches(superuser)).toBe(before);
});

test('a tool that only another school uses does not open, whatever the form says', async () => {
  const { tool } = await addToolClient(testDatabase, { name: 'Only Riverbend' });
  await database.withTenant(riverbend.tenant.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'anonymous' }, by()),
  );
  for (const toolId of [tool.toolId, 'no id at all', '', `${tool.toolId}'`]) {
    const answer = await open({ class: keys['Biology 9']!, tool: toolId });
    expect(answer.status).toBe(409);
    expect(answer.body).not.toContain('Only Riverbend');
    expect(await launchesOf(testDatabase, answer.body)).toMatchObject([
      { state: 'refused', reason: 'tool_not_enabled', tenant_id: northside.tenant.tenantId },
    ]);
  }
});

test('a tool that was switched off between page and click opens nothing, on any copy, and says so', async () => {
  const { tool } = await addToolClient(testDatabase, { name: 'Short-lived' });
  const { tenantId } = northside.tenant;
  await database.withTenant(tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'anonymous' }, by()),
  );
  // As the notification would: tests listen to none.
  world.first.lti.forget(`tenant:${tenantId}`);
  expect((await visit(northside.portal, cookie)).body).toContain('Short-lived');
  // This copy has not heard of it yet: the statement that stores a launch finds out.
  await database.withTenant(tenantId, (tx) => disableToolForTenant(tx, tool.toolId, by()));
  const answer = await open({ tool: tool.toolId });
  expect(answer.status).toBe(409);
  expect(answer.body).toContain('This tool is not switched on for your school any more.');
  expect(answer.body).not.toContain('Short-lived');
  const [launch] = await launchesOf(testDatabase, answer.body);
  expect(launch).toMatchObject({ state: 'refused', outcome: 'failed_config', reason: 'tool_not_enabled' });
});

test('a tool whose settings have changed since they were read opens all the same', async () => {
  await visit(northside.portal, cookie);
  await superuser.query('update tool set version = version + 1 where tool_id = $1', [world.tool.toolId]);
  expect((await open()).status).toBe(303);
});

test('a session that ended between page and click leads to signing in, and to no launch', async () => {
  const session = await northside.signIn(ada);
  await visit(northside.portal, session.cookie);
  await database.withTenant(northside.tenant.tenantId, (tx) =>
    endFor(tx, { sessionId: session.sessionId }, 'directory', world.clock.now()),
  );
  const before = await countLaunches(superuser);
  const { status, location } = await open({}, session.cookie);
  expect([status, location]).toEqual([
    303,
    `/t/northside/sign-in?returnTo=${encodeURIComponent('/t/northside/portal')}`,
  ]);
  expect(await countLaunches(superuser)).toBe(before);
});

test('whoever became one with somebody else is that person to the tool, in a session of before too', async () => {
  const kept = await northside.addUser('kept', ['One', 'Person'], 'student');
  const absorbed = await northside.addUser('absorbed', ['One', 'Person'], 'student');
  const [first, second] = [await northside.signIn(kept), await northside.signIn(absorbed)];
  const { sub } = await told(world, await open({}, first.cookie));
  await database.withTenant(northside.tenant.tenantId, (tx) =>
    mergePeople(tx, { keptId: kept, absorbedId: absorbed }, by()),
  );
  expect((await told(world, await open({}, second.cookie))).sub).toBe(sub);
});

test('between the click and the tool’s page there is no redirect but those of the protocol', async () => {
  const clicked = await open({ class: keys['Biology 9']! });
  // The login initiation itself; authorize; then the answer by form_post (Security Framework 1.0 §5.1.1).
  expect(clicked.status).toBe(303);
  const login = await send(String(clicked.location));
  expect(new URL(String(login.location)).pathname).toBe('/platform/authorize');
  expect((await send(String(login.location), { cookies: clicked.setCookies })).status).toBe(200);
});

test('the sample tool takes the launch', async () => {
  const clicked = await open({ class: keys['Biology 9']! });
  const page = await openTool(world, clicked, clicked.setCookies);
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('Biology 9')]);
});

test('another browser cannot take a launch over', async () => {
  const clicked = await open();
  const initiation = Object.fromEntries(new URL(String(clicked.location)).searchParams);
  const answer = await sendAuthorize(world, authenticationRequest(world, { initiation }));
  expect(readPosted(answer).fields).not.toHaveProperty('id_token');
});

test('it counts as any launch, under the roster’s vendor, and its trace tells no checks of an LMS', async () => {
  const clicked = await open({ class: keys['Biology 9']! });
  await told(world, clicked);
  await copyAll({ database, clock: world.clock });
  const { rows } = await superuser.query(
    `select l.launch_id, l.reference, l.binding, l.state, e.kind, e.partner, e.outcome
     from launch l join exchange e on e.exchange_id = l.launch_id
     where l.connection_id = $1 and l.state = 'opened' order by l.launch_id desc limit 1`,
    [northside.sis],
  );
  expect(rows).toMatchObject([
    { binding: 'session', kind: 'launch', partner: 'oneroster-csv', outcome: 'success' },
  ]);
  const [launch] = await database.withTenant(northside.tenant.tenantId, (tx) =>
    findLaunches(tx, rows[0].reference),
  );
  expect(launch?.facts).toEqual({ from: 'portal' });
  const { steps } = explainLaunch(launch!);
  expect(steps.map(({ check, result }) => [check, result])).toEqual([
    ['tool', 'passed'],
    ['authorize_request', 'passed'],
    ['hint', 'passed'],
    ['browser_at_authorize', 'passed'],
  ]);
  const opened = explainLaunch({ ...launch!, state: 'started' });
  expect(opened.steps.map(({ result }) => result)).toEqual([
    'passed',
    'not_reached',
    'not_reached',
    'not_reached',
  ]);
});
