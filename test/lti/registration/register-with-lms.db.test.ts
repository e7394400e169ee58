import { beforeEach, expect, test } from 'vitest';
import { listDeployments } from '../../../src/connections/deployments.ts';
import { listHubRegistrations } from '../../../src/connections/hub-registrations.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { inviteLms } from '../../../src/lti/registration/invitations.ts';
import { toolClaim } from '../../../src/lti/registration/tool-configuration.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import type { RegisteringFamily } from './support/documents.ts';
import { codeOf, createLinks } from './support/links.ts';
import { startRegisteringLms } from './support/registering-lms.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;
const links = createLinks(testDatabase, world);
const names = ['canvas', 'moodle', 'blackboard', 'brightspace', 'sakai', 'generic'] as const;
const lmss = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, await startRegisteringLms(name)] as const)),
) as Record<RegisteringFamily, Awaited<ReturnType<typeof startRegisteringLms>>>;

const moodle = lmss.moodle;
const asked = (family: RegisteringFamily) => ({
  openid_configuration: `${lmss[family].origin}/configuration?key=7`,
  registration_token: 'one-time.token',
});
const registrations = () => database.withTenant(northside.tenantId, listRegistrations);

beforeEach(async () => {
  // Each test connects anew: the clients that the LMSs give are always the same.
  await superuser.query(`delete from lti_deployment where tenant_id = $1`, [northside.tenantId]);
  await superuser.query(`delete from lti_registration where tenant_id = $1`, [northside.tenantId]);
  for (const { received } of Object.values(lmss)) received.length = 0;
  world.first.calls.length = 0;
  world.first.refusals.length = 0;
});

/** What of each product ends up in the registration, and what stands on the page. */
const expected: Record<RegisteringFamily, { kept: object; deployment: string | undefined; page: string }> = {
  canvas: {
    kept: {
      issuer: 'https://canvas.instructure.com',
      tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
      tokenAudience: null,
      clientId: '10000000000077',
    },
    deployment: '7:8865aa05b4b79b64',
    page: 'Canvas now shows what was asked for.',
  },
  moodle: {
    kept: { issuer: moodle.origin, tokenUrl: `${moodle.origin}/mod/lti/token.php`, tokenAudience: null },
    deployment: '42',
    page: 'Choose “Activate” on it',
  },
  blackboard: {
    kept: {
      issuer: 'https://blackboard.com',
      authorizeUrl: 'https://developer.blackboard.com/api/v1/gateway/oidcauth',
      tokenUrl: 'https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken',
      jwksUrl:
        'https://developer.blackboard.com/api/v1/management/applications/4c43e5f0-9eef-425f-bf7c-c81689013cb7/jwks.json',
    },
    deployment: undefined,
    page: 'add this tool by the client ID below',
  },
  brightspace: {
    kept: {
      tokenUrl: 'https://auth.brightspace.com/core/connect/token',
      tokenAudience: 'https://api.brightspace.com/auth/token',
    },
    deployment: 'dep-1',
    page: 'then deploy it with',
  },
  sakai: {
    kept: { tokenUrl: `${lmss.sakai.origin}/imsblis/lti13/token/7` },
    deployment: '1',
    page: 'Open the new tool’s settings',
  },
  generic: {
    kept: { clientId: 'any-1', jwksUrl: `${lmss.generic.origin}/jwks` },
    deployment: undefined,
    page: 'Switch the new tool on',
  },
};

test.each(names)(
  '%s registers the hub and is connected, with its deployment where it says one',
  async (family) => {
    const lms = lmss[family];
    const link = await links.make(northside, { family, hosts: [lms.host] });
    const answer = await links.open(link, asked(family));
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining(expected[family].page)]);

    const [registration, ...others] = await registrations();
    expect(others).toEqual([]);
    expect(registration).toMatchObject({ family, status: 'active', ...expected[family].kept });
    const deployments = await database.withTenant(northside.tenantId, (tx) =>
      listDeployments(tx, registration!.connectionId),
    );
    expect(deployments.map(({ deploymentId }) => deploymentId)).toEqual(
      [expected[family].deployment].filter((id) => id !== undefined),
    );
    const [invitation] = await links.list(northside);
    expect(invitation).toMatchObject({ madeId: registration!.connectionId, usedAt: expect.any(Date) });
    expect(invitation!.tries).toMatchObject([{ outcome: 'success', reason: null, host: lms.host }]);
    expect(world.first.calls).toMatchObject([
      { kind: 'registration', outcome: 'success', partner: family, connectionId: registration!.connectionId },
    ]);
  },
);

test('the LMS is told the hub’s addresses, and gets its token at both calls', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  await links.open(link, asked('moodle'));
  const [configuration, registration] = moodle.received;
  expect(configuration).toMatchObject({
    path: '/configuration?key=7',
    authorization: 'Bearer one-time.token',
    userAgent: 'Gatehouse test',
  });
  const root = `${world.hubUrl}/t/northside`;
  expect(registration).toMatchObject({
    authorization: 'Bearer one-time.token',
    body: {
      application_type: 'web',
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      initiate_login_uri: `${root}/lti/login`,
      redirect_uris: [`${root}/lti/launch`],
      jwks_uri: `${world.hubUrl}/.well-known/jwks.json`,
      token_endpoint_auth_method: 'private_key_jwt',
      [toolClaim]: {
        domain: `hub.localhost:${world.port}`,
        // Its only tool.
        target_link_uri: `${root}/open/sample-tool`,
      },
    },
  });
});

test('without a registration token no Authorization goes out', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const answer = await links.open(link, { openid_configuration: `${moodle.origin}/configuration` });
  expect(answer.status).toBe(200);
  expect(moodle.received.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
});

test('an invitation for any product finds out which one it is', async () => {
  const link = await links.make(northside, { family: 'generic' });
  await links.open(link, asked('moodle'));
  expect(await registrations()).toMatchObject([{ family: 'moodle' }]);
});

test('the page may be framed by any https page, keeps its opener and has no script of its own', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const { headers, body } = await links.open(link, asked('moodle'));
  expect(headers['content-security-policy']).toContain('frame-ancestors https:');
  expect(headers['content-security-policy']).not.toContain('form-action');
  expect(headers['x-frame-options']).toBeUndefined();
  expect(headers['cross-origin-opener-policy']).toBeUndefined();
  expect(headers['cache-control']).toBe('no-store');
  expect(body).toMatch(/<script type="module" src="\/assets\/registered\.js/);
  expect(body).not.toMatch(/<script(?![^>]* src=)/);
  expect(body).not.toContain('one-time.token');
});

test('the page speaks the reader’s language', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const { body } = await links.open(link, asked('moodle'), { 'accept-language': 'de' });
  expect(body).toContain('Moodle ist verbunden');
});

test('scopes that the LMS does not grant are named', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
  moodle.misbehave('/register', (response, body) => {
    response.writeHead(201).end(JSON.stringify({ ...body, client_id: 'few', scope: `${ags}/score` }));
  });
  const { body } = await links.open(link, asked('moodle'));
  moodle.misbehave('/register', undefined);
  expect(body).toMatch(/Not allowed by Moodle: lineitem, lineitem.readonly, .*contextmembership.readonly/);
});

test('the hub’s own link registers it once for all schools of a vendor', async () => {
  const { token } = await database.withHub((tx) =>
    inviteLms(tx, { family: 'blackboard', hosts: [lmss.blackboard.host] }, links.by()),
  );
  const link = `${world.hubUrl}/lti/register/${token}`;
  expect((await links.open(link, asked('blackboard'))).status).toBe(200);
  const registered = await database.withHub(listHubRegistrations);
  expect(registered).toMatchObject([{ family: 'blackboard', issuer: 'https://blackboard.com' }]);
  expect(lmss.blackboard.received[1]?.body).toMatchObject({
    initiate_login_uri: `${world.hubUrl}/lti/login`,
    redirect_uris: [`${world.hubUrl}/lti/launch`],
  });
  expect(codeOf(await links.open(link, asked('blackboard')))).toBe('registration_link_used');
  // A tenant's address does not find it.
  const inside = `${world.hubUrl}/t/northside/lti/register/${token}`;
  expect(codeOf(await links.open(inside, asked('blackboard')))).toBe('registration_link_unknown');
});

test('what an invitation brings about is in the audit trail, under the invitation and without its token', async () => {
  const link = await links.make(northside, { family: 'moodle' });
  await links.open(link, asked('moodle'));
  const [invitation] = await links.list(northside);
  const { rows } = await superuser.query(
    `select action, actor from audit_event where tenant_id = $1 and (subject = $2 or actor = $2) order by sequence`,
    [northside.tenantId, `lti_invitation:${invitation!.invitationId}`],
  );
  const actor = `lti_invitation:${invitation!.invitationId}`;
  expect(rows).toEqual([
    { action: 'lti_invitation.made', actor: 'test' },
    { action: 'lms.connected', actor },
    { action: 'deployment.added', actor },
    { action: 'lti_invitation.used', actor },
  ]);
});
