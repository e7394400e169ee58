import { expect, test } from 'vitest';
import { addDeployment } from '../../../src/connections/deployments.ts';
import type { NewRegistration } from '../../../src/connections/registration.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { type Answer, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { postLaunch } from '../../support/launch.ts';
import { expectRefused, expectUnproven, launchSentOn } from '../../support/launch-rows.ts';
import { loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;
const issuer = 'https://lms.school.example';
let count = 0;

/** A school with one registration for each client_id, and their deployments. */
async function school(clients: Record<string, string[]>, registration: Partial<NewRegistration> = {}) {
  const slug = `school-${++count}`;
  const tenant = await createTenant(testDatabase.database, { slug, name: 'School' }, by());
  await testDatabase.database.withTenant(tenant.tenantId, async (tx) => {
    for (const [clientId, deployments] of Object.entries(clients)) {
      const given: NewRegistration = {
        family: 'generic',
        issuer,
        clientId,
        authorizeUrl: world.lms.authorizeUrl,
        jwksUrl: world.lms.jwksUrl,
        ...registration,
      };
      const { connectionId } = await connectLms(tx, given, loopbackAllowed, by());
      for (const deploymentId of deployments) await addDeployment(tx, { connectionId, deploymentId }, by());
    }
  });
  return tenant;
}

const request = { iss: issuer, login_hint: 'hint & more', target_link_uri: 'https://hub.example/open/tool' };

function logIn({ slug }: { slug: string }, parameters: Record<string, string>): Promise<Answer> {
  return send(`${world.hubUrl}/t/${slug}/lti/login?${new URLSearchParams({ ...request, ...parameters })}`);
}

const asked = ({ location }: Answer) => Object.fromEntries(new URL(String(location)).searchParams);

test('the authentication request is the one the specification asks for, and hints go back unaltered', async () => {
  const tenant = await school({ one: [] });
  const hints = { login_hint: ' a+b&c=ü ', lti_message_hint: '{"x":"ü&"}' };
  const { state, nonce, ...fixed } = asked(await logIn(tenant, hints));
  expect(fixed).toEqual({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: 'one',
    redirect_uri: `${world.hubUrl}/t/${tenant.slug}/lti/launch`,
    ...hints,
  });
  expect(state).toMatch(/^[\w-]{54}$/);
  expect(nonce).toMatch(/^[\w-]{32}$/);
});

test('every login has a state and a nonce of its own', async () => {
  const tenant = await school({ one: [] });
  const [first, second] = [asked(await logIn(tenant, {})), asked(await logIn(tenant, {}))];
  expect(first.state).not.toBe(second.state);
  expect(first.nonce).not.toBe(second.nonce);
});

test('a login is taken by GET and by POST alike', async () => {
  const tenant = await school({ one: [] });
  const posted = await send(`${world.hubUrl}/t/${tenant.slug}/lti/login`, { form: request });
  expect(posted.status).toBe(303);
  expect(asked(posted).client_id).toBe('one');
});

test('without a client_id a sole registration of the issuer is meant', async () => {
  expect(asked(await logIn(await school({ one: [] }), {})).client_id).toBe('one');
});

test('without a client_id several registrations of one issuer are ambiguous', async () => {
  const tenant = await school({ one: ['d-1'], two: ['d-2'] });
  await expectUnproven(testDatabase, await logIn(tenant, {}), 'client_id_ambiguous', tenant.tenantId);
  const unknown = await logIn(tenant, { lti_deployment_id: 'd-3' });
  await expectUnproven(testDatabase, unknown, 'client_id_ambiguous', tenant.tenantId);
});

test.each(['lti_deployment_id', 'deployment_id'])(
  '%s tells registrations of one issuer apart',
  async (name) => {
    const tenant = await school({ one: ['d-1', 'both'], two: ['d-2', 'both'] });
    expect(asked(await logIn(tenant, { [name]: 'd-1' })).client_id).toBe('one');
    expect(asked(await logIn(tenant, { [name]: 'd-2' })).client_id).toBe('two');
    await expectUnproven(
      testDatabase,
      await logIn(tenant, { [name]: 'both' }),
      'client_id_ambiguous',
      tenant.tenantId,
    );
  },
);

test('a client_id wins over what the deployment says', async () => {
  const tenant = await school({ one: ['d-1'], two: ['d-2'] });
  expect(asked(await logIn(tenant, { client_id: 'two', lti_deployment_id: 'd-1' })).client_id).toBe('two');
});

test('issuer and client_id are compared character by character', async () => {
  const tenant = await school({ one: [] });
  for (const wrong of [
    { iss: `${issuer}/` },
    { iss: issuer.toUpperCase() },
    { client_id: 'One' },
    { client_id: 'on' },
  ]) {
    await expectUnproven(testDatabase, await logIn(tenant, wrong), 'issuer_unknown', tenant.tenantId);
  }
  const slashed = await school({ one: [] }, { issuer: `${issuer}/` });
  expect((await logIn(slashed, { iss: `${issuer}/` })).status).toBe(302);
  await expectUnproven(testDatabase, await logIn(slashed, {}), 'issuer_unknown', slashed.tenantId);
});

test('a registration that is off takes no login', async () => {
  const tenant = await school({ one: [] }, { status: 'disabled' });
  await expectUnproven(testDatabase, await logIn(tenant, {}), 'registration_disabled', tenant.tenantId);
});

test.each(['iss', 'login_hint', 'target_link_uri'])('a login without %s is refused', async (name) => {
  const refused = await logIn(northside, { [name]: '' });
  await expectUnproven(testDatabase, refused, 'login_parameter_missing', northside.tenantId);
});

test('a login with a parameter twice, too long or with a NUL is refused, never a fault of the hub', async () => {
  const twice = await send(
    `${world.hubUrl}/t/northside/lti/login?${new URLSearchParams(request)}&iss=${issuer}`,
  );
  await expectUnproven(testDatabase, twice, 'login_parameter_missing', northside.tenantId);
  for (const wrong of [
    { login_hint: 'h'.repeat(8_001) },
    { login_hint: 'nul\0' },
    { lti_message_hint: '\0' },
  ]) {
    const refused = await logIn(northside, wrong);
    await expectUnproven(testDatabase, refused, 'login_parameter_invalid', northside.tenantId);
  }
});

test('hints too long for a header go on in a form, unaltered, by the method that is set', async () => {
  const page = await logIn(await school({ one: [] }), { lti_message_hint: 'm'.repeat(8_000) });
  expect(page.status).toBe(200);
  expect(page.body).toMatch(/<form method="get" action="[^"?]+" data-automatic>/);
  expect(readForm(page.body).fields).toMatchObject({ lti_message_hint: 'm'.repeat(8_000) });
});

test('a login at the address of no school is refused, and no row is kept', async () => {
  await expectRefused(testDatabase, await logIn({ slug: 'nowhere' }, {}), 'tenant_unknown');
  await expectRefused(testDatabase, await logIn({ slug: 'No%00Where' }, {}), 'tenant_unknown');
});

test('an address that somebody opens by hand explains itself, and no row is kept', async () => {
  for (const path of ['/t/northside/lti/launch', '/t/northside/open/sample-tool', '/open/sample-tool']) {
    await expectRefused(testDatabase, await send(`${world.hubUrl}${path}`), 'opened_by_hand');
  }
  const login = await send(`${world.hubUrl}/t/northside/lti/login`);
  await expectUnproven(testDatabase, login, 'login_parameter_missing', northside.tenantId);
});

test('where the platform takes only POST, the authentication request is posted', async () => {
  const registration = { authorizeMethod: 'POST' as const, issuer: world.lms.issuer };
  const tenant = await school({ 'client-post': ['deployment-post'] }, registration);
  const page = await logIn(tenant, { iss: world.lms.issuer });
  expect(page.body).toContain(`<form method="post" action="${world.lms.authorizeUrl}" data-automatic>`);
  expect(readForm(page.body).fields).toMatchObject({
    client_id: 'client-post',
    login_hint: request.login_hint,
  });
  expect(page.setCookies).toHaveLength(2);
});

test.each([
  ['client_id left out', { includeClientId: false }],
  ['Canvas’s deployment_id', { deploymentParameter: 'deployment_id' as const }],
  ['no deployment', { deploymentParameter: 'none' as const }],
])('a login goes on to a launch: %s', async (_name, knobs) => {
  const { getUrl } = world.lms.startLogin({ person: 'ns-nwosu', link: 'ns-cell-lab', knobs });
  const initiated = await send(getUrl);
  const answered = { ...readForm((await send(initiated.location!)).body), cookies: initiated.setCookies };
  await launchSentOn(testDatabase, await postLaunch(world, answered));
});

test('what the platform says instead of a token ends the login, and only its code is kept', async () => {
  const { getUrl } = world.lms.startLogin({ person: 'ns-nwosu', link: 'ns-cell-lab' });
  const initiated = await send(getUrl);
  const { state } = asked(initiated);
  const form = { state: state!, error: 'login_required', error_description: 'Amara Nwosu has no session' };
  const action = `${world.hubUrl}/t/northside/lti/launch`;
  const refused = await send(action, { form, cookies: initiated.setCookies });
  await expectRefused(testDatabase, refused, 'platform_error', northside.tenantId);
  const { rows } = await testDatabase.superuser.query(
    `select trace from launch where reason = 'platform_error'`,
  );
  expect(rows).toEqual([{ trace: { facts: { error: 'login_required', family: 'canvas' } } }]);
  const late = await send(action, { form: { state: state!, id_token: 'x' }, cookies: initiated.setCookies });
  await expectUnproven(testDatabase, late, 'token_malformed', northside.tenantId);
});
