import { expect, onTestFinished, test } from 'vitest';
import { listDeployments, setDeploymentStatus } from '../../../src/connections/deployments.ts';
import type { RegistrationChanges } from '../../../src/connections/registration.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { setToolStatus, updateTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins } from '../../support/launch-rows.ts';
import { changeRegistrationOf, loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;
const { tenantId } = northside;
const { toolId } = world.tool;

// Copies hear of changes by a notification; one that has not heard yet must decide the same.
const hearing = [
  ['that has heard of it', () => world.first.lti.forgetAll()],
  ['that has not heard of it yet', () => {}],
] as const;

/** Changes the registration for the length of a test. */
async function change(changes: RegistrationChanges, back: RegistrationChanges): Promise<void> {
  await changeRegistrationOf(testDatabase, northside, changes);
  onTestFinished(async () => {
    await changeRegistrationOf(testDatabase, northside, back);
    world.first.lti.forgetAll();
  });
}

const disableTool = () => database.withTenant(tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
const enableTool = () => database.withTenant(tenantId, (tx) => enableToolWithPolicy(tx, { toolId }, by()));
const setTool = (status: 'active' | 'disabled') =>
  database.withHub((tx) => setToolStatus(tx, toolId, status, loopbackAllowed, by()));
const setDeployment = (status: 'active' | 'disabled') =>
  database.withTenant(tenantId, async (tx) => {
    const [registration] = await listRegistrations(tx);
    const [deployment] = await listDeployments(tx, registration!.connectionId);
    await setDeploymentStatus(tx, registration!.connectionId, deployment!.deploymentId, status, by());
  });

test.each(hearing)(
  'a registration switched off after the login lets no launch in at a copy %s',
  async (_name, hear) => {
    const answered = await answerLogin(world);
    await change({ status: 'disabled' }, { status: 'active' });
    hear();
    await expectRefused(testDatabase, await postLaunch(world, answered), 'registration_disabled', tenantId);
    expect(await openLogins(testDatabase, answered)).toBe(0);
  },
);

test.each(hearing)('a registration switched off takes no login at a copy %s', async (_name, hear) => {
  await answerLogin(world);
  await change({ status: 'disabled' }, { status: 'active' });
  hear();
  await expect(answerLogin(world)).rejects.toThrow('The login did not redirect: 400');
});

test.each(hearing)('a registration switched on takes logins at a copy %s', async (_name, hear) => {
  await change({ status: 'disabled' }, { status: 'active' });
  world.first.lti.forgetAll();
  await expect(answerLogin(world)).rejects.toThrow('The login did not redirect');
  await changeRegistrationOf(testDatabase, northside, { status: 'active' });
  hear();
  // A copy that has not heard looks again every few seconds at most.
  world.clock.advance(5_000);
  expect((await postLaunch(world, await answerLogin(world))).status).toBe(303);
});

test.each(hearing)(
  'a registration changed after the login goes on with its new values at a copy %s',
  async (_name, hear) => {
    const answered = await answerLogin(world);
    await change(
      { settings: { frameAncestors: ['https://new.example'] } },
      { settings: { frameAncestors: ['https:'] } },
    );
    hear();
    expect((await postLaunch(world, answered)).status).toBe(303);
  },
);

test.each(hearing)('a stricter setting made after the login counts at a copy %s', async (_name, hear) => {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, iat: Number(claims.iat) - 200 }),
  };
  const answered = await answerLogin(world, { tampering });
  await change({ settings: { iatWindowSeconds: 60 } }, { settings: { iatWindowSeconds: 300 } });
  hear();
  await expectRefused(testDatabase, await postLaunch(world, answered), 'iat_too_old', tenantId);
});

test.each(hearing)('a tool switched off for the school opens no more at a copy %s', async (_name, hear) => {
  const answered = await answerLogin(world);
  await disableTool();
  onTestFinished(async () => void (await enableTool()));
  hear();
  await expectRefused(testDatabase, await postLaunch(world, answered), 'tool_not_enabled', tenantId);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});

test.each(hearing)('a tool switched on for the school opens at a copy %s', async (_name, hear) => {
  await disableTool();
  world.first.lti.forgetAll();
  const refused = await answerLogin(world);
  await expectRefused(testDatabase, await postLaunch(world, refused), 'tool_not_enabled', tenantId);
  const answered = await answerLogin(world);
  await enableTool();
  hear();
  await launchSentOn(testDatabase, await postLaunch(world, answered));
});

test.each(hearing)('a tool switched off for all opens no more at a copy %s', async (_name, hear) => {
  const answered = await answerLogin(world);
  await setTool('disabled');
  onTestFinished(async () => {
    await setTool('active');
    world.first.lti.forgetAll();
  });
  hear();
  await expectRefused(testDatabase, await postLaunch(world, answered), 'tool_not_enabled', tenantId);
});

test.each(hearing)('a tool that moved opens at its new address at a copy %s', async (_name, hear) => {
  const answered = await answerLogin(world);
  const { loginInitiationUrl } = world.tool;
  const moveTo = (address: string) =>
    database.withHub((tx) => updateTool(tx, toolId, { loginInitiationUrl: address }, loopbackAllowed, by()));
  await moveTo(`${loginInitiationUrl}/v2`);
  onTestFinished(async () => {
    await moveTo(loginInitiationUrl);
    world.first.lti.forgetAll();
  });
  hear();
  const launched = await postLaunch(world, answered);
  expect(launched.location).toMatch(`${loginInitiationUrl}/v2?`);
});

test.each(hearing)('a deployment switched off lets no launch in at a copy %s', async (_name, hear) => {
  const answered = await answerLogin(world);
  await setDeployment('disabled');
  onTestFinished(() => setDeployment('active'));
  hear();
  await expectRefused(testDatabase, await postLaunch(world, answered), 'deployment_unknown', tenantId);
});

test('launches that arrive together just after the tool was changed all open', async () => {
  await postLaunch(world, await answerLogin(world));
  for (let round = 0; round < 3; round++) {
    const answered = await Promise.all(Array.from({ length: 12 }, () => answerLogin(world)));
    await testDatabase.database.withHub((tx) =>
      updateTool(tx, world.tool.toolId, { name: `Sample tool ${round}` }, { allowLoopback: true }, by()),
    );
    const launched = await Promise.all(answered.map((one) => postLaunch(world, one)));
    expect(launched.map(({ status }) => status)).toEqual(answered.map(() => 303));
  }
});
