import { expect, onTestFinished, test } from 'vitest';
import { claimDeployment } from '../../../src/connections/claims.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { newHandle, parseHandle } from '../../../src/platform/handle.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { readFact, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { openTool } from '../../support/launch.ts';
import { expectRefused, launchesOf, launchSentOn, referenceOf } from '../../support/launch-rows.ts';
import { launchFromElsewhere, readWaitingPage } from '../../support/waiting.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const { connectionId } = (await database.withTenant(tenantId, listRegistrations))[0]!;

const claim = (deploymentId: string) =>
  database.withTenant(tenantId, (tx) => claimDeployment(tx, { connectionId, deploymentId }, by()));

test('once the deployment is claimed, the same launch goes on to the tool', async () => {
  const { deploymentId, page, waiting } = await launchFromElsewhere(world);
  await claim(deploymentId);
  expect(await waiting.isClaimed()).toBe(true);
  const launched = await waiting.resume();
  const row = await launchSentOn(testDatabase, launched);
  expect(row).toMatchObject({
    state: 'started',
    reason: null,
    binding: 'waiting_page',
    deployment_id: deploymentId,
  });
  const tool = await openTool(world, launched, launched.setCookies);
  expect(readFact(tool.body, 'name')).toBe('Amara');
  const rows = await launchesOf(testDatabase, page.body);
  expect(rows).toMatchObject([{ launch_id: row.launch_id, state: 'opened', outcome: 'success' }]);
  const { rows: sealed } = await superuser.query('select from lti_waiting_launch where launch_id = $1', [
    row.launch_id,
  ]);
  expect(sealed).toEqual([]);
});

test('before the claim the page is shown again, and the launch waits on', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  const again = await waiting.resume();
  expect([again.status, again.location]).toEqual([200, undefined]);
  expect(readWaitingPage(world, again).handle).toBe(waiting.handle);
  await claim(deploymentId);
  expect((await waiting.resume()).status).toBe(303);
});

test('of ten resumes at once, at two copies, one goes on', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  await claim(deploymentId);
  const copies = [world.first, await world.addCopy()];
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => waiting.resume({ copy: copies[i % 2]! })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
});

test('a launch waits for an hour and no longer', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  world.clock.advance(61 * 60_000);
  await claim(deploymentId);
  expect(await waiting.isClaimed()).toBe(false);
  await expectRefused(testDatabase, await waiting.resume(), 'state_unknown');
});

test('a waiting launch goes on only with the handle its page holds', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  await claim(deploymentId);
  const { ids } = parseHandle(waiting.handle, 2)!;
  for (const handle of ['', 'x', newHandle(...ids), newHandle(...ids.toReversed()), newHandle(ids[0]!)]) {
    await expectRefused(testDatabase, await waiting.resume({ handle }), 'state_unknown');
  }
  expect((await waiting.resume()).status).toBe(303);
});

test('a claimed launch whose tool is off ends in its own row, under the reference its page has shown', async () => {
  const { deploymentId, page, waiting } = await launchFromElsewhere(world);
  await claim(deploymentId);
  const { toolId } = world.tool;
  await database.withTenant(tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await database.withTenant(tenantId, (tx) => enableToolWithPolicy(tx, { toolId }, by()));
    world.first.lti.forgetAll();
  });
  const refused = await waiting.resume();
  await expectRefused(testDatabase, refused, 'tool_not_enabled', tenantId);
  expect(referenceOf(refused.body)).toBe(referenceOf(page.body));
});

test('another site cannot post a handle into somebody’s browser', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  await claim(deploymentId);
  const foreign = [
    {},
    { origin: 'https://attacker.example' },
    { 'sec-fetch-site': 'cross-site', origin: world.hubUrl },
    { 'sec-fetch-site': 'same-site', origin: world.hubUrl },
  ];
  for (const headers of foreign) expect((await waiting.resume({ headers })).status).toBe(403);
  expect((await waiting.resume({ headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(303);
});

test('the status of a launch tells a stranger nothing', async () => {
  const { waiting } = await launchFromElsewhere(world);
  const [owner, launchId] = parseHandle(waiting.handle, 2)!.ids;
  const { riverbend } = world.tenants;
  for (const path of [
    `${riverbend.tenantId}/${launchId}`,
    `${owner}/${crypto.randomUUID()}`,
    'x/y',
    `${owner}/%00`,
  ]) {
    const status = await send(`${world.hubUrl}/lti/waiting/${path}`);
    expect([status.status, status.body]).toEqual([200, '{"claimed":false}']);
  }
});
