import { expect, onTestFinished, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { claim } from '../../../src/lti/claims.ts';
import { listLegacyKeys, removeLegacyKey, setLegacyKey } from '../../../src/lti/legacy/keys.ts';
import { isSignedBy, signConsumerKey } from '../../../src/lti/legacy/sign.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import type { PolicyRules } from '../../../src/privacy/policy.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { launchSentOn } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
const { tenantId } = northside;
const { toolId } = world.tool;
const [registration] = await database.withTenant(tenantId, listRegistrations);
const { connectionId } = registration!;
const old = { user_id: 'amara-of-old', resource_link_id: 'quiz-of-old' };
const ofLms = { consumerKey: 'lms-key', secret: 'what only the LMS knows' };
const ofTool = { consumerKey: 'school-key', secret: 'what only the tool knows' };

async function keep(holder: 'tool' | 'connection', key: typeof ofTool) {
  const holderId = holder === 'tool' ? toolId : connectionId;
  await database.withTenant(tenantId, (tx) =>
    setLegacyKey(tx, world.secrets, { holder, holderId, ...key }, by()),
  );
  onTestFinished(
    async () => void (await database.withTenant(tenantId, (tx) => removeLegacyKey(tx, holderId, by()))),
  );
}

async function allow(rules: PolicyRules) {
  const put = (next: PolicyRules) => database.withTenant(tenantId, (tx) => setPolicy(tx, toolId, next, by()));
  await put(rules);
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await put(templates.names_and_email);
    world.first.lti.forgetAll();
  });
}

/** A launch whose LMS signs with a secret, as the migration guide wants it. */
const signing = (secret: string, given: Record<string, unknown> = old) => ({
  tampering: {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [claim.lti1p1]: {
        ...given,
        oauth_consumer_key: ofLms.consumerKey,
        oauth_consumer_key_sign: signConsumerKey(secret, {
          consumerKey: ofLms.consumerKey,
          deploymentId: String(claims[claim.deploymentId]),
          issuer: String(claims.iss),
          clientId: String(claims.aud),
          exp: Number(claims.exp),
          nonce: String(claims.nonce),
        }),
      },
    }),
  },
});
const unsigned = {
  tampering: { claims: (claims: Record<string, unknown>) => ({ ...claims, [claim.lti1p1]: old }) },
};
const both: PolicyRules = { launch: { 'lti1p1.user_id': 'allow', 'lti1p1.resource_link_id': 'allow' } };

async function traceOf(choice: Parameters<typeof answerLogin>[1]) {
  const row = await launchSentOn(testDatabase, await postLaunch(world, await answerLogin(world, choice)));
  return row.trace as { facts: Record<string, unknown>; warnings: string[] };
}

test('what somebody was called in LTI 1.1 reaches a tool only where the policy says so', async () => {
  expect(await claimsToldTo(world, unsigned)).not.toHaveProperty(claim.lti1p1);
  await allow(both);
  expect((await claimsToldTo(world, unsigned))[claim.lti1p1]).toEqual(old);
});

test('a claim that is signed with the kept secret is verified, and says so in the trace', async () => {
  await keep('connection', ofLms);
  await allow(both);
  expect(await traceOf(signing(ofLms.secret))).toMatchObject({ facts: { lti1p1: 'verified' }, warnings: [] });
  expect((await claimsToldTo(world, signing(ofLms.secret)))[claim.lti1p1]).toEqual(old);
});

test('of a claim that is signed with another secret nothing goes on, and the launch does', async () => {
  await keep('connection', ofLms);
  await allow(both);
  const trace = await traceOf(signing('somebody else’s'));
  expect(trace).toMatchObject({ facts: { lti1p1: 'sign_wrong' }, warnings: ['lti1p1_sign_wrong'] });
  expect(await claimsToldTo(world, signing('somebody else’s'))).not.toHaveProperty(claim.lti1p1);
});

test('a key that nobody has told the hub is not believed, nor is the LMS’s own key ever told', async () => {
  await allow(both);
  expect(await traceOf(signing(ofLms.secret))).toMatchObject({ facts: { lti1p1: 'key_unknown' } });
  expect((await claimsToldTo(world, signing(ofLms.secret)))[claim.lti1p1]).toEqual(old);
});

test('a tool that knew the school by a key is told it, signed for this very token', async () => {
  await keep('tool', ofTool);
  const told = await claimsToldTo(world);
  const { oauth_consumer_key_sign: signature, ...rest } = told[claim.lti1p1] as Record<string, string>;
  expect(rest).toEqual({ oauth_consumer_key: ofTool.consumerKey });
  const facts = {
    consumerKey: ofTool.consumerKey,
    deploymentId: String(told[claim.deploymentId]),
    issuer: world.hubUrl,
    clientId: world.tool.clientId,
    exp: Number(told.exp),
    nonce: 'nonce of the tool',
  };
  expect(isSignedBy(ofTool.secret, facts, String(signature))).toBe(true);
  // Another school's launches of the same tool are not signed.
  const elsewhere = await claimsToldTo(world, { person: 'rb-chen', link: 'rb-histogram-workshop' });
  expect(elsewhere).not.toHaveProperty(claim.lti1p1);
});

test('a secret is sealed, shown nowhere, and one tenant’s key is no other’s', async () => {
  await keep('tool', ofTool);
  const { rows } = await superuser.query('select t::text as row from lti_legacy_key t');
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(ofTool.secret).toString('hex'));
  const keys = await database.withTenant(tenantId, listLegacyKeys);
  expect(keys).toMatchObject([{ holder: 'tool', holderId: toolId, consumerKey: ofTool.consumerKey }]);
  expect(JSON.stringify(keys)).not.toContain(ofTool.secret);
  expect(await database.withTenant(riverbend.tenantId, listLegacyKeys)).toEqual([]);
  await expect(
    database.withTenant(riverbend.tenantId, (tx) => removeLegacyKey(tx, toolId, by())),
  ).rejects.toMatchObject({ code: 'legacy_key_unknown' });
  const { rows: audit } = await superuser.query(
    `select v.after::text from audit_event e join audit_value v using (tenant_id, sequence)
     where e.action = 'legacy_key.set'`,
  );
  expect(JSON.stringify(audit)).not.toContain(ofTool.secret);
});
