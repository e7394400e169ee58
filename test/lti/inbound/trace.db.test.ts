import { expect, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { mustAcceptLaunches } from '../../../src/demo/lms/tampering.ts';
import { explainLaunch, findLaunches, listLaunches } from '../../../src/lti/inbound/trace.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../../support/launch.ts';
import { launchSentOn, referenceOf } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;

const stepsOf = async (reference: string) => {
  const [launch] = await findLaunches(testDatabase.database.tenant(northside.tenantId), reference);
  return explainLaunch(launch!).steps.filter(({ result }) => result !== 'passed');
};

test('an opened launch is told as one that passed every check', async () => {
  const answered = await answerLogin(world, { tampering: mustAcceptLaunches.normal! });
  const launched = await postLaunch(world, answered);
  const { reference } = await launchSentOn(testDatabase, launched);
  expect((await stepsOf(reference))[0]).toMatchObject({ check: 'authorize_request', result: 'not_reached' });
  await openTool(world, launched, answered.cookies);
  expect(await stepsOf(reference)).toEqual([]);
});

test('the reference on the page finds the launch and the check it failed', async () => {
  const answered = await answerLogin(world, { tampering: { signing: () => ({ header: { kid: 'other' } }) } });
  const { body } = await postLaunch(world, answered);
  expect((await stepsOf(referenceOf(body)))[0]).toMatchObject({
    check: 'signature',
    result: 'failed',
    note: 'kid_unknown',
  });
});

test('a reference finds nothing at another school', async () => {
  const { body } = await postLaunch(world, await answerLogin(world), { fields: { id_token: 'x' } });
  const elsewhere = testDatabase.database.tenant(riverbend.tenantId);
  expect(await findLaunches(elsewhere, referenceOf(body))).toEqual([]);
});

test('a resource link id that is the course’s is a warning at Canvas', async () => {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({
      ...claims,
      [ltiClaim('resource_link')]: { id: (claims[ltiClaim('context')] as { id: string }).id },
    }),
  };
  const launched = await postLaunch(world, await answerLogin(world, { tampering }));
  const row = await launchSentOn(testDatabase, launched);
  expect(row.trace.warnings).toEqual(['resource_link_equals_context']);
  expect((await stepsOf(row.reference))[0]).toMatchObject({
    check: 'resource_link_claims',
    result: 'warned',
  });
});

test('the newest launches come first, and a trace holds nothing personal', async () => {
  await postLaunch(world, await answerLogin(world));
  await postLaunch(world, await answerLogin(world), { fields: { id_token: 'x' } });
  const launches = await listLaunches(testDatabase.database.tenant(northside.tenantId), 100);
  const ids = launches.map(({ launchId }) => launchId);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(JSON.stringify(launches)).not.toMatch(/Amara|Nwosu|northside\.example|NSH-/i);
});

test('the request log names the launch by its reference and nobody by name', async () => {
  const answered = await answerLogin(world);
  const { body } = await postLaunch(world, answered, { fields: { id_token: 'x' } });
  const text = JSON.stringify(world.first.requestLog);
  expect(text).toContain(referenceOf(body));
  expect(text).toContain('token_malformed');
  for (const secret of [answered.fields.state!, answered.fields.id_token!, 'Nwosu', 'login_hint']) {
    expect(text).not.toContain(secret);
  }
});
