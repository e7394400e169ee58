import { expect, onTestFinished, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import type { PolicyRules } from '../../../src/privacy/policy.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { setCustomParameters } from '../../../src/tools/enablement.ts';
import {
  authenticationRequest,
  claimsToldTo,
  reachTool,
  readPosted,
  sendAuthorize,
} from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;
const { toolId } = world.tool;

const changing = (changes: Record<string, unknown>): Tampering => ({
  claims: (claims) => ({ ...claims, ...changes }),
});

/** Puts rules in force at Northside for the length of a test. */
async function release(rules: PolicyRules): Promise<void> {
  const put = (next: PolicyRules) =>
    database.withTenant(northside.tenantId, (tx) => setPolicy(tx, toolId, next, by()));
  await put(rules);
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await put(templates.names_and_email);
    world.first.lti.forgetAll();
  });
}

/** What every launch tells, whatever the policy. */
const always = ['aud', 'exp', 'iat', 'iss', 'nonce', 'sub'];
const alwaysLti = [
  'context',
  'deployment_id',
  'launch_presentation',
  'message_type',
  'resource_link',
  'roles',
  'target_link_uri',
  'tool_platform',
  'version',
].map(ltiClaim);

test('the policy "names and e-mail" tells these and nothing more', async () => {
  const claims = await claimsToldTo(world);
  expect(Object.keys(claims).sort()).toEqual(
    [...always, ...alwaysLti, 'email', 'family_name', 'given_name', 'name'].sort(),
  );
  expect(claims).toMatchObject({
    name: 'Amara Nwosu',
    given_name: 'Amara',
    family_name: 'Nwosu',
    email: 'amara.nwosu@northside.example',
  });
});

test('the policy "names" tells no e-mail', async () => {
  await release(templates.names);
  const claims = await claimsToldTo(world);
  expect(Object.keys(claims).sort()).toEqual(
    [...always, ...alwaysLti, 'family_name', 'given_name', 'name'].sort(),
  );
});

test('the policy "anonymous" tells nothing of the person', async () => {
  await release(templates.anonymous);
  const claims = await claimsToldTo(world);
  expect(Object.keys(claims).sort()).toEqual([...always, ...alwaysLti].sort());
  expect(JSON.stringify(claims)).not.toMatch(/Amara|Nwosu|northside\.example/);
});

test('a policy of nothing tells only what the message cannot be without', async () => {
  await release({});
  const claims = await claimsToldTo(world);
  expect(claims[ltiClaim('roles')]).toEqual([]);
  expect(Object.keys(claims[ltiClaim('context')] as object)).toEqual(['id']);
  expect(Object.keys(claims[ltiClaim('resource_link')] as object)).toEqual(['id']);
  expect(Object.keys(claims[ltiClaim('launch_presentation')] as object)).toEqual(['return_url']);
});

test('a course whose kind the LMS does not name is told without a kind', async () => {
  const tampering = changing({ [ltiClaim('context')]: { id: 'course-9', title: 'Plain' } });
  const claims = await claimsToldTo(world, { tampering });
  expect(claims[ltiClaim('context')]).toEqual({ id: expect.any(String), title: 'Plain' });
});

test('the policy in force at the launch of the tool is the one on its row', async () => {
  const login = await reachTool(world);
  await release(templates.anonymous);
  const request = authenticationRequest(world, login);
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  const payload = Buffer.from(fields.id_token!.split('.')[1]!, 'base64url').toString();
  expect(payload).not.toContain('Amara');
  const { rows } = await testDatabase.superuser.query(
    `select l.policy_version = e.policy_version as same from launch l
       join tool_enablement e using (tenant_id, tool_id) order by l.launch_id desc limit 1`,
  );
  expect(rows).toEqual([{ same: true }]);
});

test('custom parameters of the LMS pass their rules, and the school’s own win', async () => {
  await release({ launch: { 'custom.activity': 'allow', 'custom.level': 'allow' } });
  const put = (custom: Record<string, string>) =>
    database.withTenant(northside.tenantId, (tx) => setCustomParameters(tx, toolId, custom, by()));
  await put({ level: 'of the school', licence: 'gold' });
  onTestFinished(async () => void (await put({})));
  const tampering = changing({ [ltiClaim('custom')]: { activity: 'cells', level: '9', secret: 'x' } });
  const claims = await claimsToldTo(world, { tampering });
  expect(claims[ltiClaim('custom')]).toEqual({ activity: 'cells', level: 'of the school', licence: 'gold' });
});
