import { expect, onTestFinished, test } from 'vitest';
import { claimHubDeployment, listHubDeploymentClaims } from '../../../src/connections/claims.ts';
import { addHubDeployment } from '../../../src/connections/deployments.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { readFact, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { type AnsweredLogin, openTool, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins, reasonOf } from '../../support/launch-rows.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { readWaitingPage } from '../../support/waiting.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
const clientId = 'one-application-for-all-schools';
const deploymentIds = { northside: 'school-1', riverbend: 'school-2' };

world.lms.registerTool({
  clientId,
  name: 'Gatehouse, hub-wide',
  redirectUris: [`${world.hubUrl}/lti/launch`],
  deployments: Object.entries(deploymentIds).map(([school, deploymentId]) => ({
    school,
    deploymentId,
    loginUrl: `${world.hubUrl}/lti/login`,
    targets: { 'sample-tool': `${world.hubUrl}/open/sample-tool` },
  })),
});
const { connectionId: registrationId } = await database.withHub((tx) =>
  connectLmsHubWide(
    tx,
    {
      family: 'blackboard',
      issuer: world.lms.issuer,
      clientId,
      authorizeUrl: world.lms.authorizeUrl,
      jwksUrl: world.lms.jwksUrl,
    },
    loopbackAllowed,
    by(),
  ),
);
for (const school of ['northside', 'riverbend'] as const) {
  await database.withTenant(world.tenants[school].tenantId, (tx) =>
    addHubDeployment(tx, { registrationId, deploymentId: deploymentIds[school] }, by()),
  );
}

interface Choice {
  school?: 'northside' | 'riverbend';
  tampering?: Tampering;
  /** Changes the unsigned login. */
  login?: Record<string, string>;
}

async function answer({
  school = 'northside',
  tampering = {},
  login = {},
}: Choice = {}): Promise<AnsweredLogin> {
  const [person, link] =
    school === 'northside' ? ['ns-nwosu', 'ns-cell-lab'] : ['rb-chen', 'rb-histogram-workshop'];
  const url = new URL(world.lms.startLogin({ person: person!, link: link!, clientId, tampering }).getUrl);
  for (const [name, value] of Object.entries(login)) url.searchParams.set(name, value);
  const initiated = await send(url.href);
  return { ...readForm((await send(initiated.location!)).body), cookies: initiated.setCookies };
}

const from = (deploymentId: string): Tampering => ({
  claims: (claims) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
});

test('one address serves all schools, and the signed deployment says which one it is', async () => {
  for (const school of ['northside', 'riverbend'] as const) {
    const answered = await answer({ school });
    const launched = await postLaunch(world, answered);
    const row = await launchSentOn(testDatabase, launched);
    expect(row).toMatchObject({
      tenant_id: world.tenants[school].tenantId,
      deployment_id: deploymentIds[school],
    });
    expect(row.trace.facts).toMatchObject({ hubWide: true, family: 'blackboard' });
    const page = await openTool(world, launched, answered.cookies);
    expect(readFact(page.body, 'name')).toBe(school === 'northside' ? 'Amara' : 'Mei');
  }
});

test('the deployment of the unsigned login decides nothing', async () => {
  const answered = await answer({ login: { lti_deployment_id: deploymentIds.riverbend } });
  const row = await launchSentOn(testDatabase, await postLaunch(world, answered));
  expect(row.tenant_id).toBe(northside.tenantId);
});

test('a school’s own deployment is no deployment of the hub-wide registration', async () => {
  const page = await postLaunch(world, await answer({ tampering: from(world.deployments.northside) }));
  expect(page.location).toBeUndefined();
  expect(await readWaitingPage(world, page).isClaimed()).toBe(false);
});

test('an answer is taken at the hub-wide address only, once', async () => {
  const answered = await answer();
  const action = `${world.hubUrl}/t/northside/lti/launch`;
  await expectRefused(
    testDatabase,
    await postLaunch(world, answered, { action }),
    'state_unknown',
    northside.tenantId,
  );
  const answers = await Promise.all(Array.from({ length: 10 }, () => postLaunch(world, answered)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
});

test('a bad token uses a hub-wide login up, and no school keeps a row', async () => {
  const answered = await answer({ tampering: { signing: () => ({ algorithm: 'HS256' }) } });
  await expectRefused(testDatabase, await postLaunch(world, answered), 'alg_refused');
  expect(await openLogins(testDatabase, answered)).toBe(0);
});

test('a token of one school’s login is refused in another login', async () => {
  const [one, two] = [await answer(), await answer({ school: 'riverbend' })];
  const refused = await postLaunch(world, two, { fields: { id_token: one.fields.id_token! } });
  // The token names the school the launch would have been for.
  await expectRefused(testDatabase, refused, 'nonce_mismatch', northside.tenantId);
});

test('a browser that does not prove itself gets no further than a new window', async () => {
  const answered = await answer();
  const page = await postLaunch(world, answered, { cookies: [] });
  expect(readForm(page.body).action).toBe(`${world.hubUrl}/lti/login`);
});

test('an unknown deployment waits with the hub until a school claims it, and then goes on there', async () => {
  const answered = await answer({ tampering: from('school-3') });
  const page = await postLaunch(world, answered);
  const waiting = readWaitingPage(world, page);
  expect(await waiting.isClaimed()).toBe(false);
  expect((await waiting.resume()).location).toBeUndefined();
  const claims = await database.withHub((tx) => listHubDeploymentClaims(tx));
  expect(claims).toContainEqual(expect.objectContaining({ deploymentId: 'school-3', status: 'waiting' }));

  const input = { registrationId, deploymentId: 'school-3' };
  await database.withTenant(riverbend.tenantId, (tx) => claimHubDeployment(tx, input, by()));
  expect(await waiting.isClaimed()).toBe(true);
  const answers = await Promise.all(Array.from({ length: 5 }, () => waiting.resume()));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400, 400]);
  const launched = answers.find(({ status }) => status === 303)!;
  const row = await launchSentOn(testDatabase, launched);
  expect(row).toMatchObject({
    tenant_id: riverbend.tenantId,
    state: 'started',
    reason: null,
    binding: 'waiting_page',
  });
  expect((await openTool(world, launched, launched.setCookies)).status).toBe(200);
});

test('a deployment that was switched off lets nobody in', async () => {
  const setStatus = (status: string) =>
    superuser.query('update lti_deployment set status = $1 where deployment_id = $2', [
      status,
      deploymentIds.northside,
    ]);
  const answered = await answer();
  await setStatus('disabled');
  onTestFinished(async () => void (await setStatus('active')));
  await expectRefused(
    testDatabase,
    await postLaunch(world, answered),
    'deployment_unknown',
    northside.tenantId,
  );
});

test('a school that is paused lets nobody in at the hub-wide address either', async () => {
  const setStatus = async (status: string) => {
    await superuser.query('update tenant set status = $1 where tenant_id = $2', [status, northside.tenantId]);
    world.first.lti.forgetAll();
  };
  const answered = await answer();
  await setStatus('paused');
  onTestFinished(() => setStatus('active'));
  const refused = await postLaunch(world, answered);
  expect([refused.location, reasonOf(refused.body)]).toEqual([undefined, 'tenant_unknown']);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});

test('a target that names a school’s own address is not one of the hub-wide launch', async () => {
  const target = `${world.hubUrl}/t/northside/open/sample-tool`;
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('target_link_uri')]: target }),
  };
  const refused = await postLaunch(world, await answer({ tampering }));
  await expectRefused(testDatabase, refused, 'target_unknown', northside.tenantId);
});
