import { expect, onTestFinished, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { copyAll } from '../../../src/health/jobs.ts';
import { claim } from '../../../src/lti/claims.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, type LaunchChoice, postLaunch } from '../../support/launch.ts';
import { expectRefused, openLogins, reasonOf } from '../../support/launch-rows.ts';
import { changeRegistrationOf } from '../../support/registrations.ts';
import { registerOtherTool } from '../../support/tool-login.ts';
import {
  answerClaims,
  askingForContent,
  finishAsking,
  giveKeys,
  lmsReturnUrl,
  lmsSettings,
  postAnswer,
  readSentOn,
} from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const signing = await giveKeys(testDatabase, world.tool);
const other = await registerOtherTool(testDatabase);
const { tenantId } = world.tenants.northside;
await database.withTenant(tenantId, (tx) =>
  enableToolWithPolicy(tx, { toolId: other.toolId, template: 'anonymous' }, by()),
);

/** The LMS asks for content and names no tool. */
function asking(target: string | undefined): LaunchChoice {
  const changes = { [ltiClaim('target_link_uri')]: target };
  return { person: 'ns-okafor', tampering: askingForContent({}, changes) };
}
/** A whole window, so that the tool opens without a frame of the hub's. */
const ownPage = { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' };

async function offered(target: string | undefined = `${world.hubUrl}/t/northside/lti/launch`) {
  const answered = await answerLogin(world, asking(target));
  return { answered, page: await postLaunch(world, answered) };
}

/** Presses one of the buttons. */
function press(page: string, tool: string, headers: Record<string, string> = ownPage) {
  const { action, fields } = readForm(page);
  return send(action, { form: { ...fields, tool }, headers });
}

const launches = async () => (await superuser.query('select * from launch order by launch_id')).rows;

test.each([
  ['the launch address', undefined],
  ['no target at all', null],
])('with several tools the teacher chooses one of them: %s', async (_name, target) => {
  const { answered, page } = await offered(target === null ? '' : undefined);
  expect(page.status).toBe(200);
  expect(page.body).toContain('<h1>Choose a tool</h1>');
  expect([...page.body.matchAll(/name="tool" value="([^"]*)"/g)].map(([, slug]) => slug)).toEqual([
    'other-tool',
    'sample-tool',
    '',
  ]);
  expect(await openLogins(testDatabase, answered)).toBe(0);

  const opened = await press(page.body, 'sample-tool');
  const initiation = Object.fromEntries(new URL(String(opened.location)).searchParams);
  expect(initiation.client_id).toBe(world.tool.clientId);
  const asked = await finishAsking(world, { initiation, cookies: opened.setCookies });
  const answer = await postAnswer(world, asked, await signing.sign(answerClaims(world, asked, [])));
  expect((await readSentOn(world, answer)).claims[claim.deepLinkingData]).toBe(lmsSettings.data);
  expect((await launches()).at(-1)).toMatchObject({
    state: 'opened',
    outcome: 'success',
    message_type: 'LtiDeepLinkingRequest',
    tool_id: world.tool.toolId,
  });
});

test('who goes back without choosing brings the LMS an empty answer', async () => {
  const { page } = await offered();
  const back = await press(page.body, '');
  const { action, claims, items } = await readSentOn(world, back);
  expect([action, items]).toEqual([lmsReturnUrl, []]);
  expect(claims[claim.deepLinkingData]).toBe(lmsSettings.data);
  expect((await launches()).at(-1)).toMatchObject({ outcome: 'user_error', reason: 'tool_not_chosen' });
  // The choice is over.
  expect(reasonOf((await press(page.body, 'sample-tool')).body)).toBe('state_unknown');
});

test('one choice opens one tool, also when two buttons are pressed at once', async () => {
  const { page } = await offered();
  const answers = await Promise.all(['sample-tool', 'other-tool'].map((tool) => press(page.body, tool)));
  expect(answers.filter(({ location }) => location !== undefined)).toHaveLength(1);
});

test('nobody chooses from another site, or without the handle of the page', async () => {
  const { page } = await offered();
  expect((await press(page.body, 'sample-tool', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const { action } = readForm(page.body);
  const forged = await send(action, { form: { handle: 'x', tool: 'sample-tool' }, headers: ownPage });
  expect(reasonOf(forged.body)).toBe('state_unknown');
});

test('a tool that is not on for the school cannot be chosen', async () => {
  const { page } = await offered();
  expect(reasonOf((await press(page.body, 'no-such-tool')).body)).toBe('tool_not_enabled');
});

test('a launch that opens a link is not offered a choice', async () => {
  const target = `${world.hubUrl}/t/northside/lti/launch`;
  const tampering = { claims: (claims: object) => ({ ...claims, [ltiClaim('target_link_uri')]: target }) };
  const refused = await postLaunch(world, await answerLogin(world, { tampering }));
  await expectRefused(testDatabase, refused, 'tool_ambiguous', tenantId);
});

test.each(['DataPrivacyLaunchRequest', 'LtiDataPrivacyLaunchRequest'])(
  'a data privacy launch (%s) without a tool of its own asks which one is meant',
  async (type) => {
    const changes = {
      [ltiClaim('message_type')]: type,
      [ltiClaim('resource_link')]: undefined,
      [ltiClaim('context')]: undefined,
      [ltiClaim('target_link_uri')]: `${world.hubUrl}/t/northside/lti/launch`,
    };
    const tampering = { claims: (claims: object) => ({ ...claims, ...changes }) };
    const page = await postLaunch(world, await answerLogin(world, { person: 'ns-okafor', tampering }));
    const offers = [...page.body.matchAll(/name="tool" value="([^"]*)"/g)].map(([, slug]) => slug);
    expect([page.status, offers]).toEqual([200, ['other-tool', 'sample-tool']]);
    const opened = await press(page.body, 'sample-tool');
    const initiation = Object.fromEntries(new URL(String(opened.location)).searchParams);
    const { claims } = await finishAsking(world, { initiation, cookies: opened.setCookies });
    expect(claims).toMatchObject({ [claim.messageType]: type, aud: world.tool.clientId });
    expect((await launches()).at(-1)).toMatchObject({ message_type: type, tool_id: world.tool.toolId });
  },
);

test('an unknown deployment waits before anything is offered, and is offered the choice once it is claimed', async () => {
  const changes = { [ltiClaim('deployment_id')]: 'new-deployment', [ltiClaim('target_link_uri')]: '' };
  const answered = await answerLogin(world, {
    person: 'ns-okafor',
    tampering: askingForContent({}, changes),
  });
  const waiting = await postLaunch(world, answered);
  expect(waiting.body).toContain('data-settings');
  const { action, fields } = readForm(waiting.body);
  await database.withTenant(tenantId, async (tx) => {
    const [registration] = await listRegistrations(tx);
    await superuser.query(
      `insert into lti_deployment (tenant_id, connection_id, deployment_id, status, created_at) values ($1, $2, $3, 'active', now())`,
      [tenantId, registration!.connectionId, 'new-deployment'],
    );
  });
  const picker = await send(action, { form: fields, headers: ownPage });
  expect(picker.body).toContain('<h1>Choose a tool</h1>');
  expect((await press(picker.body, 'sample-tool')).location).toContain('tool.localhost');
});

test('where the proof of the browser is waived, a launch that is offered a choice carries the warning too', async () => {
  const require = async (requireBrowserProof: boolean) => {
    await changeRegistrationOf(testDatabase, world.tenants.northside, { settings: { requireBrowserProof } });
    world.first.lti.forgetAll();
  };
  await require(false);
  onTestFinished(() => require(true));
  const answered = await answerLogin(world, asking(`${world.hubUrl}/t/northside/lti/launch`));
  const page = await postLaunch(world, answered, { cookies: [] });
  await press(page.body, 'sample-tool');
  expect((await launches()).at(-1)).toMatchObject({
    state: 'started',
    trace: { warnings: ['browser_unproven'] },
  });
});

test('a choice that nobody makes is counted as the person’s, not as a failure', async () => {
  await offered();
  world.clock.advance(2 * 3_600_000);
  await copyAll({ database, clock: world.clock });
  const { rows } = await superuser.query(
    `select outcome, kind from exchange where reason = 'tool_not_chosen' and ended_at > now() + interval '1 hour'`,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ outcome }) => outcome === 'user_error')).toBe(true);
});
