import { expect, onTestFinished, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn } from '../../support/launch-rows.ts';
import { changeRegistrationOf, loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
const toolUrl = new URL(world.tool.targetLinkUri).origin;

// Northside has two tools, Riverbend one.
const quiz = await testDatabase.database.withHub((tx) =>
  registerTool(
    tx,
    {
      slug: 'quiz-tool',
      name: 'Quiz tool',
      loginInitiationUrl: `${toolUrl}/login`,
      targetLinkUri: `${toolUrl}/quiz`,
      redirectUris: [`${toolUrl}/launch`],
      presentation: 'redirect',
    },
    loopbackAllowed,
    by(),
  ),
);
await testDatabase.database.withTenant(northside.tenantId, (tx) =>
  enableToolWithPolicy(tx, { toolId: quiz.toolId }, by()),
);
world.first.lti.forgetAll();

interface Leads {
  school?: 'northside' | 'riverbend';
  /** What the token says; the login says the same unless told otherwise. */
  to: string;
  login?: string;
}

/** Launches a link whose target the LMS gives as told. */
async function launchTo({ school = 'northside', to, login = to }: Leads): Promise<Answer> {
  const atNorthside = school === 'northside';
  const started = world.lms.startLogin({
    person: atNorthside ? 'ns-nwosu' : 'rb-chen',
    link: atNorthside ? 'ns-cell-lab' : 'rb-histogram-workshop',
    tampering: { claims: (claims) => ({ ...claims, [ltiClaim('target_link_uri')]: to }) },
  });
  const url = new URL(started.getUrl);
  url.searchParams.set('target_link_uri', login);
  const initiated = await send(url.href);
  const answered = await send(initiated.location!);
  return postLaunch(world, { ...readForm(answered.body), cookies: initiated.setCookies });
}

const at = (path: string) => `${world.hubUrl}${path}`;
const sample = at('/t/northside/open/sample-tool');
const targetOf = ({ location }: Answer) => new URL(location!).searchParams.get('target_link_uri');

test('a link opens the tool it names, at the tool’s own start', async () => {
  expect(targetOf(await launchTo({ to: sample }))).toBe(`${toolUrl}/`);
  expect(targetOf(await launchTo({ to: at('/t/northside/open/quiz-tool') }))).toBe(`${toolUrl}/quiz`);
  expect(targetOf(await launchTo({ to: at('/open/quiz-tool') }))).toBe(`${toolUrl}/quiz`);
});

test('a link leads to a place inside the tool', async () => {
  const place = `${toolUrl}/units/7?view=teacher#top`;
  expect(targetOf(await launchTo({ to: `${sample}?to=${encodeURIComponent(place)}` }))).toBe(place);
});

test('a place too long for a header goes to the tool in a form', async () => {
  const place = `${toolUrl}/${'x'.repeat(3_500)}`;
  const launched = await launchTo({ to: `${sample}?to=${encodeURIComponent(place)}` });
  expect([launched.status, launched.location]).toEqual([200, undefined]);
  expect(launched.body).toContain('method="get"');
  expect(readForm(launched.body)).toMatchObject({
    action: `${toolUrl}/login`,
    fields: { iss: world.hubUrl, target_link_uri: place },
  });
});

test('the bare launch URL opens the tool of a school that has one', async () => {
  const launched = await launchTo({ school: 'riverbend', to: at('/t/riverbend/lti/launch') });
  expect(targetOf(launched)).toBe(`${toolUrl}/`);
});

test('the bare launch URL is ambiguous at a school that has two', async () => {
  const refused = await launchTo({ to: at('/t/northside/lti/launch') });
  await expectRefused(testDatabase, refused, 'tool_ambiguous', northside.tenantId);
});

test('a tool nobody knows, and one that is not enabled here, are refused alike', async () => {
  for (const slug of ['no-such-tool', 'quiz-tool']) {
    const refused = await launchTo({ school: 'riverbend', to: at(`/t/riverbend/open/${slug}`) });
    await expectRefused(testDatabase, refused, 'tool_not_enabled', riverbend.tenantId);
  }
});

test.each([
  'https://attacker.example/t/northside/open/sample-tool',
  'http://hub.localhost/t/northside/open/sample-tool',
  '/t/northside/open/sample-tool',
  'javascript:alert(1)',
  'sample-tool',
])('a target outside the hub is refused: %s', async (to) => {
  await expectRefused(testDatabase, await launchTo({ to }), 'target_unknown', northside.tenantId);
});

test.each([
  '/',
  '/t/northside',
  '/t/northside/open',
  '/t/northside/open/sample-tool/',
  '/t/riverbend/open/sample-tool',
])('a target that is no link of this school is refused: %s', async (path) => {
  await expectRefused(testDatabase, await launchTo({ to: at(path) }), 'target_unknown', northside.tenantId);
});

test.each([
  'https://attacker.example/',
  `${toolUrl}.attacker.example/`,
  'javascript:alert(1)',
  `blob:${toolUrl}/id`,
  '//attacker.example/',
  '',
])('a place outside the tool is refused: "%s"', async (place) => {
  const refused = await launchTo({ to: `${sample}?to=${encodeURIComponent(place)}` });
  await expectRefused(testDatabase, refused, 'target_unknown', northside.tenantId);
});

test('a target that differs from the login’s is a warning, and the signed one counts', async () => {
  const launched = await launchTo({ to: at('/t/northside/open/quiz-tool'), login: sample });
  expect(targetOf(launched)).toBe(`${toolUrl}/quiz`);
  expect((await launchSentOn(testDatabase, launched)).trace.warnings).toEqual(['target_mismatch']);
});

test('a login may name any target: only the signed one is followed', async () => {
  const launched = await launchTo({ to: sample, login: 'https://attacker.example/' });
  expect(targetOf(launched)).toBe(`${toolUrl}/`);
});

test('a target that differs from the login’s is refused where the registration says so', async () => {
  await changeRegistrationOf(testDatabase, northside, { settings: { targetMismatch: 'refuse' } });
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await changeRegistrationOf(testDatabase, northside, { settings: { targetMismatch: 'warn' } });
    world.first.lti.forgetAll();
  });
  const refused = await launchTo({ to: at('/t/northside/open/quiz-tool'), login: sample });
  await expectRefused(testDatabase, refused, 'target_mismatch', northside.tenantId);
  expect((await launchTo({ to: sample })).status).toBe(303);
});
