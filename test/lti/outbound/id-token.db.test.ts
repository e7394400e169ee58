import { expect, onTestFinished, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { ltiClaim, opaqueId } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { listEnablements } from '../../../src/tools/enablement.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { send } from '../../demo/support/user-agent.ts';
import {
  authenticationRequest,
  claimsToldTo,
  reachTool,
  readPosted,
  sendAuthorize,
} from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { changeRegistrationOf, loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;

const atRiverbend = { person: 'rb-chen', link: 'rb-histogram-workshop' };
const changing = (changes: Record<string, unknown>): Tampering => ({
  claims: (claims) => ({ ...claims, ...changes }),
});

test('the token is the hub’s own, for this tool, made now', async () => {
  const now = Math.floor(world.clock.now() / 1000);
  const claims = await claimsToldTo(world);
  const [enabled] = await database.withTenant(northside.tenantId, listEnablements);
  expect(claims).toMatchObject({
    iss: world.hubUrl,
    aud: world.tool.clientId,
    nonce: 'nonce of the tool',
    [ltiClaim('message_type')]: 'LtiResourceLinkRequest',
    [ltiClaim('version')]: '1.3.0',
    [ltiClaim('deployment_id')]: enabled!.enablement.deploymentId,
    [ltiClaim('target_link_uri')]: world.tool.targetLinkUri,
    [ltiClaim('tool_platform')]: {
      guid: northside.tenantId,
      name: 'Northside High',
      product_family_code: 'gatehouse',
    },
  });
  expect(claims.iat! - now).toBeLessThanOrEqual(2);
  expect(claims.exp).toBe(claims.iat! + 300);
});

test('ids are the hub’s own: none of the LMS’s reaches the tool', async () => {
  const told = JSON.stringify(await claimsToldTo(world));
  const [registration] = await database.withTenant(northside.tenantId, listRegistrations);
  const ofTheLms = [
    opaqueId('sub', 'ns-nwosu'),
    opaqueId('link', 'ns-cell-lab'),
    opaqueId('course', 'ns-biology-9b'),
    opaqueId('school', 'northside'),
    opaqueId('login', 'ns-nwosu'),
    world.deployments.northside,
    world.clientId,
    world.lms.issuer,
    world.lms.baseUrl,
    registration!.connectionId,
  ];
  for (const id of ofTheLms) expect(told).not.toContain(id);
});

test('one course and one link keep their ids from launch to launch and person to person', async () => {
  const [one, two] = [await claimsToldTo(world), await claimsToldTo(world, { person: 'ns-okafor' })];
  for (const name of ['context', 'resource_link']) {
    const id = (claims: Record<string, unknown>) => (claims[ltiClaim(name)] as { id: string }).id;
    expect(id(one)).toBe(id(two));
    expect(id(one)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('a person is one at a tool of a school, and another for another person, tool or school', async () => {
  const other = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: 'other-tool',
        name: 'Other tool',
        loginInitiationUrl: world.tool.loginInitiationUrl,
        targetLinkUri: world.tool.targetLinkUri,
        redirectUris: world.tool.redirectUris,
        presentation: 'redirect',
      },
      loopbackAllowed,
      by(),
    ),
  );
  await database.withTenant(northside.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: other.toolId }, by()),
  );
  world.first.lti.forgetAll();
  const target = `${world.hubUrl}/t/northside/open/other-tool`;
  const sub = 'one-subject-everywhere';
  const same = changing({ sub });
  const launches = {
    first: await claimsToldTo(world, { tampering: same }),
    again: await claimsToldTo(world, { tampering: same }),
    anotherPerson: await claimsToldTo(world),
    anotherTool: await claimsToldTo(world, {
      tampering: changing({ sub, [ltiClaim('target_link_uri')]: target }),
    }),
    anotherSchool: await claimsToldTo(world, { ...atRiverbend, tampering: same }),
  };
  expect(launches.again.sub).toBe(launches.first.sub);
  const { again: _again, ...different } = launches;
  expect(new Set(Object.values(different).map((claims) => claims.sub)).size).toBe(4);
  expect(launches.anotherTool.aud).toBe(other.clientId);
});

test('two first launches of a person at once are told one sub', async () => {
  const choice = { person: 'ns-castillo', link: 'ns-cell-lab' };
  const both = await Promise.all([claimsToldTo(world, choice), claimsToldTo(world, choice)]);
  expect(both[0]!.sub).toBe(both[1]!.sub);
});

test('short roles are told by their full names, and unknown ones as they came', async () => {
  const unknown = 'http://purl.imsglobal.org/vocab/lis/v2/unknown#Helper';
  const tampering = changing({ [ltiClaim('roles')]: ['Learner', 'Instructor', unknown, 'Wizard'] });
  const claims = await claimsToldTo(world, { tampering });
  const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
  expect(claims[ltiClaim('roles')]).toEqual([
    `${membership}#Learner`,
    `${membership}#Instructor`,
    unknown,
    'Wizard',
  ]);
});

test('an anonymous launch that the registration allows has no sub', async () => {
  await changeRegistrationOf(testDatabase, northside, { settings: { allowAnonymous: true } });
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await changeRegistrationOf(testDatabase, northside, { settings: { allowAnonymous: false } });
    world.first.lti.forgetAll();
  });
  const claims = await claimsToldTo(world, { tampering: changing({ sub: undefined }) });
  expect(claims.sub).toBeUndefined();
  expect(claims.nonce).toBe('nonce of the tool');
});

test('a launch without a course has none for the tool', async () => {
  const claims = await claimsToldTo(world, { tampering: changing({ [ltiClaim('context')]: undefined }) });
  expect(claims[ltiClaim('context')]).toBeUndefined();
});

test('what the hub says of itself is what it serves', async () => {
  const configuration = JSON.parse((await send(`${world.hubUrl}/.well-known/openid-configuration`)).body);
  const { kid, alg } = await headerTold();
  expect(configuration).toMatchObject({
    issuer: (await claimsToldTo(world)).iss,
    authorization_endpoint: `${world.hubUrl}/platform/authorize`,
    response_types_supported: ['id_token'],
    response_modes_supported: ['form_post'],
    scopes_supported: expect.arrayContaining(['openid']),
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: [alg],
  });
  const jwks = await send(configuration.jwks_uri);
  expect(jwks.headers['cache-control']).toMatch(/^public, max-age=\d+/);
  const { keys } = JSON.parse(jwks.body) as { keys: Record<string, unknown>[] };
  expect(keys.map((key) => key.kid)).toContain(kid);
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
  }
});

async function headerTold(): Promise<{ kid: string; alg: string }> {
  const login = await reachTool(world);
  const answer = await sendAuthorize(world, authenticationRequest(world, login), { cookies: login.cookies });
  const [header] = readPosted(answer).fields.id_token!.split('.');
  return JSON.parse(Buffer.from(header!, 'base64url').toString());
}
