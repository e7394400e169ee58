import { expect, test } from 'vitest';
import { claimDeployment, listDeploymentClaims, refuseDeployment } from '../../../src/connections/claims.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { newHandle, parseHandle } from '../../../src/lti/handle.ts';
import { readFact, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchesOf, launchSentOn, openLogins } from '../../support/launch-rows.ts';
import { readWaitingPage } from '../../support/waiting.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const { connectionId } = (await database.withTenant(tenantId, listRegistrations))[0]!;
let count = 0;

/** A launch of Amara Nwosu from a deployment nobody has claimed. */
async function launchFromElsewhere(deploymentId = `elsewhere-${++count}`) {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
  };
  const answered = await answerLogin(world, { tampering });
  const page = await postLaunch(world, answered);
  return { deploymentId, answered, page, waiting: readWaitingPage(world, page) };
}

const claim = (deploymentId: string) =>
  database.withTenant(tenantId, (tx) => claimDeployment(tx, { connectionId, deploymentId }, by()));
const claimOf = async (deploymentId: string) =>
  (await database.withTenant(tenantId, listDeploymentClaims)).find((each) => each.deploymentId === deploymentId);

/** Every row of every table that holds the deployment's launch, as text. */
async function dump(): Promise<string> {
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

test('a launch from an unknown deployment waits, and stands on the list of claims', async () => {
  const { deploymentId, page, waiting, answered } = await launchFromElsewhere();
  expect([page.status, page.location, page.setCookies]).toEqual([200, undefined, []]);
  expect(await waiting.isClaimed()).toBe(false);
  expect(await openLogins(testDatabase, answered)).toBe(0);
  expect(await claimOf(deploymentId)).toMatchObject({ through: connectionId, status: 'waiting', launches: 1 });
  const rows = await launchesOf(testDatabase, page.body);
  expect(rows).toMatchObject([{ state: 'waiting', reason: 'deployment_unknown', outcome: null, person_id: null }]);
});

test('of a person who waits nothing is kept but sealed', async () => {
  const { deploymentId } = await launchFromElsewhere();
  const kept = (await dump()).toLowerCase();
  expect(kept).toContain(deploymentId);
  for (const personal of ['nwosu', 'amara', 'northside.example', 'nsh-ns-nwosu']) {
    expect(kept).not.toContain(personal);
    expect(kept).not.toContain(Buffer.from(personal).toString('hex'));
  }
});

test('launches from one unknown deployment are one claim', async () => {
  const { deploymentId } = await launchFromElsewhere();
  await launchFromElsewhere(deploymentId);
  expect(await claimOf(deploymentId)).toMatchObject({ launches: 2 });
});

test('once the deployment is claimed, the same launch goes on to the tool', async () => {
  const { deploymentId, page, waiting } = await launchFromElsewhere();
  await claim(deploymentId);
  expect(await waiting.isClaimed()).toBe(true);
  const launched = await waiting.resume();
  const row = await launchSentOn(testDatabase, launched);
  expect(row).toMatchObject({ state: 'started', reason: null, binding: 'waiting_page', deployment_id: deploymentId });
  const tool = await openTool(world, launched, launched.setCookies);
  expect(readFact(tool.body, 'name')).toBe('Amara');
  const rows = await launchesOf(testDatabase, page.body);
  expect(rows).toMatchObject([{ launch_id: row.launch_id, state: 'opened', outcome: 'success' }]);
  const back = await send(`${world.hubUrl}/t/northside/return/${row.launch_id}`);
  expect(back.location).toBe(`${world.lms.baseUrl}/schools/northside`);
  const { rows: sealed } = await superuser.query('select from lti_waiting_launch where launch_id = $1', [row.launch_id]);
  expect(sealed).toEqual([]);
});

test('later launches from a claimed deployment go straight on', async () => {
  const { deploymentId } = await launchFromElsewhere();
  await claim(deploymentId);
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
  };
  await launchSentOn(testDatabase, await postLaunch(world, await answerLogin(world, { tampering })));
});

test('before the claim the page is shown again, and the launch waits on', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
  const again = await waiting.resume();
  expect([again.status, again.location]).toEqual([200, undefined]);
  expect(readWaitingPage(world, again).handle).toBe(waiting.handle);
  await claim(deploymentId);
  expect((await waiting.resume()).status).toBe(303);
});

test('of ten resumes at once, at two copies, one goes on', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
  await claim(deploymentId);
  const copies = [world.first, await world.addCopy()];
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => waiting.resume({ copy: copies[i % 2]! })));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
});

test('a refused claim lets nobody in, and stays refused when more launches come', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
  await database.withTenant(tenantId, (tx) => refuseDeployment(tx, { connectionId, deploymentId }, by()));
  expect(await waiting.isClaimed()).toBe(false);
  expect((await waiting.resume()).location).toBeUndefined();
  const { waiting: second } = await launchFromElsewhere(deploymentId);
  expect(await claimOf(deploymentId)).toMatchObject({ status: 'refused', launches: 2 });
  expect((await second.resume()).location).toBeUndefined();
});

test('a launch waits for an hour and no longer', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
  world.clock.advance(61 * 60_000);
  await claim(deploymentId);
  expect(await waiting.isClaimed()).toBe(false);
  await expectRefused(testDatabase, await waiting.resume(), 'state_unknown');
});

test('a waiting launch goes on only with the handle its page holds', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
  await claim(deploymentId);
  const { ids } = parseHandle(waiting.handle, 2)!;
  for (const handle of ['', 'x', newHandle(...ids), newHandle(...ids.toReversed()), newHandle(ids[0]!)]) {
    await expectRefused(testDatabase, await waiting.resume({ handle }), 'state_unknown');
  }
  expect((await waiting.resume()).status).toBe(303);
});

test('another site cannot post a handle into somebody’s browser', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere();
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
  const { waiting } = await launchFromElsewhere();
  const [owner, launchId] = parseHandle(waiting.handle, 2)!.ids;
  const { riverbend } = world.tenants;
  for (const path of [`${riverbend.tenantId}/${launchId}`, `${owner}/${crypto.randomUUID()}`, 'x/y', `${owner}/%00`]) {
    const status = await send(`${world.hubUrl}/lti/waiting/${path}`);
    expect([status.status, status.body]).toEqual([200, '{"claimed":false}']);
  }
});

test('an unproven browser does not even wait', async () => {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: 'elsewhere-unproven' }),
  };
  const answered = await answerLogin(world, { tampering });
  await postLaunch(world, answered, { cookies: [] });
  expect(await claimOf('elsewhere-unproven')).toBeUndefined();
  const [name] = answered.cookies[0]!.split('=');
  const refused = await postLaunch(world, answered, { cookies: [`${name}=${'x'.repeat(32)}`] });
  await expectRefused(testDatabase, refused, 'browser_unproven', tenantId);
  expect(await claimOf('elsewhere-unproven')).toBeUndefined();
});
