import { expect, test } from 'vitest';
import { claimDeployment, listDeploymentClaims, refuseDeployment } from '../../../src/connections/claims.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchesOf, launchSentOn, openLogins } from '../../support/launch-rows.ts';
import { launchFromElsewhere } from '../../support/waiting.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const { connectionId } = (await database.withTenant(tenantId, listRegistrations))[0]!;

const claim = (deploymentId: string) =>
  database.withTenant(tenantId, (tx) => claimDeployment(tx, { connectionId, deploymentId }, by()));
const claimOf = async (deploymentId: string) =>
  (await database.withTenant(tenantId, listDeploymentClaims)).find(
    (each) => each.deploymentId === deploymentId,
  );

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
  const { deploymentId, page, waiting, answered } = await launchFromElsewhere(world);
  expect([page.status, page.location, page.setCookies]).toEqual([200, undefined, []]);
  expect(await waiting.isClaimed()).toBe(false);
  expect(await openLogins(testDatabase, answered)).toBe(0);
  expect(await claimOf(deploymentId)).toMatchObject({
    through: connectionId,
    status: 'waiting',
    launches: 1,
  });
  const rows = await launchesOf(testDatabase, page.body);
  expect(rows).toMatchObject([
    { state: 'waiting', reason: 'deployment_unknown', outcome: null, person_id: null },
  ]);
});

test('a launch that waits has its warnings in the trace', async () => {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [ltiClaim('deployment_id')]: 'elsewhere-warned',
      [ltiClaim('custom')]: { long: 'x'.repeat(4_001) },
    }),
  };
  const page = await postLaunch(world, await answerLogin(world, { tampering }));
  expect(await launchesOf(testDatabase, page.body)).toMatchObject([
    { state: 'waiting', trace: { warnings: ['custom_left_out'] } },
  ]);
});

test('of a person who waits nothing is kept but sealed', async () => {
  const { deploymentId } = await launchFromElsewhere(world);
  const kept = (await dump()).toLowerCase();
  expect(kept).toContain(deploymentId);
  for (const personal of ['nwosu', 'amara', 'northside.example', 'nsh-ns-nwosu']) {
    expect(kept).not.toContain(personal);
    expect(kept).not.toContain(Buffer.from(personal).toString('hex'));
  }
});

test('launches from one unknown deployment are one claim', async () => {
  const { deploymentId } = await launchFromElsewhere(world);
  await launchFromElsewhere(world, deploymentId);
  expect(await claimOf(deploymentId)).toMatchObject({ launches: 2 });
});

test('later launches from a claimed deployment go straight on', async () => {
  const { deploymentId } = await launchFromElsewhere(world);
  await claim(deploymentId);
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
  };
  await launchSentOn(testDatabase, await postLaunch(world, await answerLogin(world, { tampering })));
});

test('a refused claim lets nobody in, and stays refused when more launches come', async () => {
  const { deploymentId, waiting } = await launchFromElsewhere(world);
  await database.withTenant(tenantId, (tx) => refuseDeployment(tx, { connectionId, deploymentId }, by()));
  expect(await waiting.isClaimed()).toBe(false);
  expect((await waiting.resume()).location).toBeUndefined();
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
  };
  const { rows: before } = await superuser.query('select from lti_waiting_launch');
  const refused = await postLaunch(world, await answerLogin(world, { tampering }));
  await expectRefused(testDatabase, refused, 'deployment_unknown', tenantId);
  expect(await claimOf(deploymentId)).toMatchObject({ status: 'refused', launches: 2 });
  expect((await superuser.query('select from lti_waiting_launch')).rows).toHaveLength(before.length);
});

test('an unproven browser does not even wait', async () => {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [ltiClaim('deployment_id')]: 'elsewhere-unproven',
    }),
  };
  const answered = await answerLogin(world, { tampering });
  await postLaunch(world, answered, { cookies: [] });
  expect(await claimOf('elsewhere-unproven')).toBeUndefined();
  const [name] = answered.cookies[0]!.split('=');
  const refused = await postLaunch(world, answered, { cookies: [`${name}=${'x'.repeat(32)}`] });
  await expectRefused(testDatabase, refused, 'browser_unproven', tenantId);
  expect(await claimOf('elsewhere-unproven')).toBeUndefined();
});
