import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { launchTo, openSession, postArrival, readFacts, type SchoolSlug } from './launch.ts';
import { startLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { world: worldWithLtijs });
await startLtijs(testDatabase, world, {
  northside: 'names_and_email',
  riverbend: 'anonymous',
});

const launch = (person: string, school: SchoolSlug) => launchTo(world, person, school);
const open = async (person: string, school: SchoolSlug) =>
  readFacts(await openSession(world, person, school));

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
  const arrival = await launch('ns-nwosu', 'northside');
  expect((await postArrival(arrival)).status).toBe(302);
  const again = await postArrival(arrival);
  expect([again.status, again.body]).toEqual([401, expect.stringContaining('NONCE_ALREADY_RECEIVED')]);
});

test('ltijs refuses a launch in a browser that did not begin it', async () => {
  const answer = await postArrival({ ...(await launch('ns-nwosu', 'northside')), cookies: [] });
  expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('MISSING_VALIDATION_COOKIE')]);
});

test('ltijs refuses a token that the hub did not sign', async () => {
  const arrival = await launch('ns-nwosu', 'northside');
  const [header, payload, signature] = arrival.fields.id_token!.split('.');
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
  const fields = { ...arrival.fields, id_token: `${header}.${forged}.${signature}` };
  const answer = await postArrival({ ...arrival, fields });
  expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('invalid signature')]);
});
