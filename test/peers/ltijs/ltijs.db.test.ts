import { expect, test } from 'vitest';
import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import type { LaunchFacts } from './messages.ts';
import { ltijsLink, startLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { world: worldWithLtijs });
const { targetLinkUri } = await startLtijs(testDatabase, world, {
  northside: 'names_and_email',
  riverbend: 'anonymous',
});

/** What a browser would post to ltijs at the end of a launch, with its cookies. */
interface Arrival {
  action: string;
  fields: Record<string, string>;
  cookies: string[];
}

async function launchTo(person: string, school: 'northside' | 'riverbend'): Promise<Arrival> {
  const answered = await answerLogin(world, { person, link: ltijsLink(school) });
  const launched = await postLaunch(world, answered);
  const login = await send(String(launched.location));
  const authorized = await send(String(login.location), { cookies: answered.cookies });
  return { ...readForm(authorized.body), cookies: login.setCookies };
}

const post = ({ action, fields, cookies }: Arrival) => send(action, { form: fields, cookies });

/** ltijs answers a launch with a session cookie and sends the browser on to its page. */
async function open(person: string, school: 'northside' | 'riverbend'): Promise<LaunchFacts> {
  const posted = await post(await launchTo(person, school));
  const page = await send(new URL(String(posted.location), targetLinkUri).href, {
    cookies: posted.setCookies,
  });
  return readFacts(page);
}

function readFacts({ body }: Answer): LaunchFacts {
  const text = /<pre>(.*)<\/pre>/.exec(body)?.[1];
  if (text === undefined) throw new Error(`not the page of a launch: ${body}`);
  return JSON.parse(text) as LaunchFacts;
}

test('ltijs accepts a launch and is told what the policy allows', async () => {
  expect(await open('ns-nwosu', 'northside')).toMatchObject({
    name: 'Amara Nwosu',
    email: 'amara.nwosu@northside.example',
    roles: expect.arrayContaining(['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner']),
    course: 'Biology 9, Section B',
  });
});

test('ltijs accepts a launch that names nobody, where the policy is anonymous', async () => {
  const facts = await open('rb-larsen', 'riverbend');
  expect(facts).toMatchObject({
    roles: expect.arrayContaining(['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor']),
    course: 'Statistics 101',
  });
  expect([facts.name, facts.email]).toEqual([undefined, undefined]);
});

test('one registration at ltijs serves both schools, each under a deployment of its own', async () => {
  const [northside, riverbend] = [await open('ns-nwosu', 'northside'), await open('rb-chen', 'riverbend')];
  expect(northside.deploymentId).not.toBe(riverbend.deploymentId);
  expect(northside.sub).not.toBe(riverbend.sub);
});

test('ltijs knows a person again, and two people apart', async () => {
  const first = await open('ns-nwosu', 'northside');
  expect((await open('ns-nwosu', 'northside')).sub).toBe(first.sub);
  expect((await open('ns-park', 'northside')).sub).not.toBe(first.sub);
});

test('ltijs refuses the same launch a second time', async () => {
  const arrival = await launchTo('ns-nwosu', 'northside');
  expect((await post(arrival)).status).toBe(302);
  const again = await post(arrival);
  expect([again.status, again.body]).toEqual([401, expect.stringContaining('NONCE_ALREADY_RECEIVED')]);
});

test('ltijs refuses a launch in a browser that did not begin it', async () => {
  const answer = await post({ ...(await launchTo('ns-nwosu', 'northside')), cookies: [] });
  expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('MISSING_VALIDATION_COOKIE')]);
});

test('ltijs refuses a token that the hub did not sign', async () => {
  const arrival = await launchTo('ns-nwosu', 'northside');
  const [header, payload, signature] = arrival.fields.id_token!.split('.');
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
  const fields = { ...arrival.fields, id_token: `${header}.${forged}.${signature}` };
  const answer = await post({ ...arrival, fields });
  expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('invalid signature')]);
});
