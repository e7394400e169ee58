import { expect, onTestFinished, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase, { grades: true });
const { tenantId } = world.tenants.northside;

test('an LMS whose sign-in, keys, tokens and gradebook are on another host than its issuer is met at each of them', async () => {
  const [registration] = await database.withTenant(tenantId, listRegistrations);
  const { issuer, authorizeUrl, jwksUrl, tokenUrl, connectionId } = registration!;
  const hosts = [authorizeUrl, jwksUrl, tokenUrl].map((address) => new URL(address!).hostname);
  expect([new URL(issuer).hostname, ...new Set(hosts)]).toEqual(['canvas.instructure.com', 'lms.localhost']);
  expect(await claimsToldTo(world)).toMatchObject({ iss: world.hubUrl });
  const { rows } = await superuser.query('select lms_url from line_item where connection_id = $1', [
    connectionId,
  ]);
  const way = await world.first.lti.gradeDestination.open(tenantId, connectionId);
  if ('fault' in way) throw new Error(way.fault);
  const item = { lineItemUrl: String(rows[0].lms_url), deploymentId: world.deployments.northside };
  expect(new URL(item.lineItemUrl).hostname).toBe('lms.localhost');
  expect(await way.readResults(item)).toEqual([]);
});

test('of many schools on one issuer the trace keeps which platform it was', async () => {
  const guid = 'the-account-of-this-school';
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('tool_platform')]: { guid } }),
  };
  const told = await claimsToldTo(world, { tampering });
  const { rows } = await superuser.query('select trace from launch order by launch_id desc limit 1');
  expect(rows[0].trace.facts).toMatchObject({ platformGuid: guid });
  expect(JSON.stringify(told)).not.toContain(guid);
});

test('a LIS id that an LMS sends in spite of its privacy settings is personal data: no tool is told it unasked', async () => {
  await database.withTenant(tenantId, (tx) => setPolicy(tx, world.tool.toolId, templates.anonymous, by()));
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await database.withTenant(tenantId, (tx) =>
      setPolicy(tx, world.tool.toolId, templates.names_and_email, by()),
    );
    world.first.lti.forgetAll();
  });
  const sourcedId = 'sis-4711';
  const nobody = { name: undefined, given_name: undefined, family_name: undefined, email: undefined };
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      ...nobody,
      [ltiClaim('lis')]: { person_sourcedid: sourcedId },
    }),
  };
  const told = await claimsToldTo(world, { tampering });
  expect(told.sub).toEqual(expect.any(String));
  expect(told[claim.lis]).toBeUndefined();
  expect(JSON.stringify(told)).not.toContain(sourcedId);
  expect(JSON.stringify(world.first.requestLog)).not.toContain(sourcedId);
  const { rows } = await superuser.query('select trace from launch order by launch_id desc limit 1');
  expect(JSON.stringify(rows)).not.toContain(sourcedId);
});
