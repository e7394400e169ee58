import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startSetupWorld } from '../../support/setup-world.ts';
import { addOperator, createVisitor } from '../support/console-visitor.ts';
import { tryToSignIn } from '../support/sign-in-rows.ts';

const world = await startSetupWorld(await createTestDatabase());
const { hub, direct, lms, sis, idp } = world;
const params = { slug: 'new-school' };
const steps = ['lms', 'identity', 'roster', 'sharing'];
const visit = () => createVisitor(direct);

test('from a new institution to a launch, a sign-in, a preview of the roster and what is shared', async () => {
  const operator = visit();
  const staff = await addOperator(hub.operators, ['onboarding_admin']);
  await operator.signIn(staff.email);
  await operator.call('createTenant', { body: { slug: 'new-school', name: 'New School' } });
  const wish = { name: 'Lin', email: 'lin@school.example', steps };
  const made = await operator.call('makeSetupLink', { params, body: wish });
  const { tenantId } = await getTenantBySlug(hub.db.directory, 'new-school');

  const admin = visit();
  await admin.call('signInByLink', { body: { token: made.body.link.split('#')[1] } });
  const progress = async (who = admin): Promise<Record<string, unknown>> => {
    const { body } = await who.call('showSetup', { params });
    const states: [string, string][] = body.steps.map(({ step, state }: Record<string, string>) => [
      step,
      state,
    ]);
    return { finished: body.finished, ...Object.fromEntries(states) };
  };
  const open = { lms: 'open', identity: 'open', roster: 'open', sharing: 'open' };
  expect(await progress()).toEqual({ finished: false, ...open });

  // The LMS, by hand.
  const sheet = await admin.call('showLmsSetup', { params, query: { family: 'generic' } });
  expect(sheet.body.toBringBack).toEqual(['issuer', 'authorizeUrl', 'tokenUrl', 'jwksUrl']);
  world.enterAtLms('new-school');
  const { deploymentId, ...registration } = lms;
  const connected = await admin.call('connectLms', {
    params,
    body: { family: 'generic', ...registration, deployments: [deploymentId] },
  });
  expect(connected.status).toBe(201);
  expect((await progress()).lms).toBe('connected');
  const tool = await world.switchToolOn(tenantId);
  expect(await world.launch()).toBe(200);
  expect(await progress()).toMatchObject({ lms: 'done', sharing: 'connected' });
  const launches = await admin.call('listLaunches', { params });
  expect(launches.body.launches).toMatchObject([{ outcome: 'success', tool: 'sample-tool' }]);

  // The identity provider.
  const identity = await admin.call('connectIdentity', {
    params,
    body: {
      ...{ protocol: 'oidc', name: 'School account', allowsNew: true },
      settings: { issuer: idp.issuer, clientId: idp.clientId, clientSecret: idp.clientSecret },
    },
  });
  const identityId = identity.body.identity.connectionId as ConnectionId;
  expect(JSON.stringify(identity.body)).not.toContain(idp.clientSecret);
  expect((await admin.call('makeTestLink', { params: { ...params, connectionId: identityId } })).status).toBe(
    201,
  );
  const place = { slug: 'new-school', tenantId, identityId };
  await tryToSignIn({ ...hub.sso, db: hub.db }, place, { isTest: true });
  expect((await progress()).identity).toBe('done');

  // The roster, up to its plan.
  const settings = { baseUrl: sis.url, tokenUrl: sis.tokenUrl, ...world.sisConsumer };
  const source = { connector: 'oneroster-rest', name: 'SIS', settings };
  const { connectionId } = (await admin.call('connectRoster', { params, body: source })).body.roster;
  const ofRoster = { ...params, connectionId };
  await admin.call('startRun', { params: ofRoster, body: { mode: 'full', dry: true } });
  await expect.poll(async () => (await progress()).roster, { timeout: 60_000, interval: 500 }).toBe('done');
  const { runs } = (await admin.call('listRuns', { params: ofRoster })).body;
  const plan = await admin.call('showPlan', { params: { ...ofRoster, runId: runs[0].runId } });
  expect(plan.body.plan.offered).toBeGreaterThan(0);

  // What is shared: agreed to as it was seen, and by the institution alone.
  const agree = (policyVersion: number, who = admin) =>
    who.call('agreeToSharing', { params, body: { tools: [{ slug: 'sample-tool', policyVersion }] } });
  const { policyVersion } = tool.enablement;
  expect((await agree(policyVersion, operator)).body.code).toBe('insufficient_scope');
  expect((await agree(policyVersion + 1)).body.code).toBe('sharing_changed');
  expect((await progress()).finished).toBe(false);
  expect((await agree(policyVersion)).status).toBe(201);
  // By a link, which its maker could have opened: somebody else has to know of it.
  const { unconfirmed } = (await operator.call('showSetup', { params })).body;
  expect(unconfirmed.mayConfirm).toBe(false);
  expect(await progress()).toMatchObject({ finished: false, sharing: 'connected' });
  const { agreementId } = unconfirmed;
  const confirm = (who: typeof operator) => who.call('confirmSharing', { params, body: { agreementId } });
  expect((await confirm(operator)).body.code).toBe('own_agreement');
  expect((await confirm(admin)).body.code).toBe('insufficient_scope');
  const colleague = visit();
  await colleague.signIn((await addOperator(hub.operators, ['onboarding_admin'])).email);
  expect((await colleague.call('showSetup', { params })).body.unconfirmed.mayConfirm).toBe(true);
  expect((await confirm(colleague)).status).toBe(201);
  expect(await progress(operator)).toEqual({
    ...{ finished: true, lms: 'done', identity: 'done', roster: 'done', sharing: 'done' },
  });
  // A policy that changes afterwards was not agreed to.
  const other = { template: 'names_and_email' };
  expect(
    (await operator.call('setPolicy', { params: { ...params, tool: 'sample-tool' }, body: other })).status,
  ).toBe(200);
  expect(await progress()).toMatchObject({ finished: false, sharing: 'connected' });
}, 120_000);
