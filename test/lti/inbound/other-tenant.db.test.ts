import { expect, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, openLogins, reasonOf } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
const launchUrl = (slug: string) => `${world.hubUrl}/t/${slug}/lti/launch`;

// Both schools have one issuer, client_id and key set, as two customers of a hosted LMS do.
const atNorthside = { person: 'ns-nwosu', link: 'ns-cell-lab' };
const atRiverbend = { person: 'rb-chen', link: 'rb-histogram-workshop' };

async function peopleOf(tenantId: string): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select from person where tenant_id = $1', [tenantId]);
  return rows.length;
}

test('an answer to one school’s login is refused at another school’s address', async () => {
  const answered = await answerLogin(world, atNorthside);
  const refused = await postLaunch(world, answered, { action: launchUrl('riverbend') });
  await expectRefused(testDatabase, refused, 'state_unknown', riverbend.tenantId);
  expect(await peopleOf(riverbend.tenantId)).toBe(0);
});

test('an answer to a school’s login is refused at the hub-wide address', async () => {
  const answered = await answerLogin(world, atNorthside);
  const refused = await postLaunch(world, answered, { action: `${world.hubUrl}/lti/launch` });
  await expectRefused(testDatabase, refused, 'state_unknown');
});

test('an answer at the address of no school is refused, and no row is kept', async () => {
  const answered = await answerLogin(world, atNorthside);
  const refused = await postLaunch(world, answered, { action: launchUrl('nowhere') });
  await expectRefused(testDatabase, refused, 'tenant_unknown');
});

test('a token of one school is refused in another school’s login', async () => {
  const token = (await answerLogin(world, atNorthside)).fields.id_token!;
  const answered = await answerLogin(world, atRiverbend);
  const refused = await postLaunch(world, answered, { fields: { id_token: token } });
  await expectRefused(testDatabase, refused, 'nonce_mismatch', riverbend.tenantId);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});

test('a state of one school is refused with a token of another at either address', async () => {
  const [one, two] = [await answerLogin(world, atNorthside), await answerLogin(world, atRiverbend)];
  const cookies = [...one.cookies, ...two.cookies];
  const fields = { id_token: two.fields.id_token!, state: one.fields.state! };
  const refused = await postLaunch(world, one, { fields, cookies });
  await expectRefused(testDatabase, refused, 'nonce_mismatch', northside.tenantId);
  const elsewhere = await postLaunch(world, two, { fields, cookies });
  await expectRefused(testDatabase, elsewhere, 'state_unknown', riverbend.tenantId);
});

test('a token with another school’s deployment is not let in, whatever nonce it carries', async () => {
  const answered = await answerLogin(world, {
    ...atRiverbend,
    tampering: {
      claims: (claims) => ({ ...claims, [ltiClaim('deployment_id')]: world.deployments.northside }),
    },
  });
  const waiting = await postLaunch(world, answered);
  expect(waiting.location).toBeUndefined();
  expect(waiting.body).toContain('/lti/waiting/');
  expect(await peopleOf(riverbend.tenantId)).toBe(0);
  const { rows } = await testDatabase.superuser.query(
    'select tenant_id, deployment_id, status from lti_deployment_claim',
  );
  expect(rows).toEqual([
    { tenant_id: riverbend.tenantId, deployment_id: world.deployments.northside, status: 'waiting' },
  ]);
});

test('a token that leads to another school’s tool is refused', async () => {
  const answered = await answerLogin(world, {
    ...atRiverbend,
    tampering: {
      claims: (claims) => ({
        ...claims,
        [ltiClaim('target_link_uri')]: `${world.hubUrl}/t/northside/open/sample-tool`,
      }),
    },
  });
  await expectRefused(testDatabase, await postLaunch(world, answered), 'target_unknown', riverbend.tenantId);
});

test('the same subject at two schools is two persons', async () => {
  const sub = 'one-subject-at-two-schools';
  const tampering = { claims: (claims: Record<string, unknown>) => ({ ...claims, sub }) };
  for (const choice of [atNorthside, atRiverbend]) {
    expect(
      reasonOf((await postLaunch(world, await answerLogin(world, { ...choice, tampering }))).body),
    ).toBeUndefined();
  }
  const { rows } = await testDatabase.superuser.query(
    'select tenant_id, person_id from person_link where subject = $1',
    [sub],
  );
  expect(rows.map((row) => row.tenant_id).sort()).toEqual([northside.tenantId, riverbend.tenantId].sort());
  expect(new Set(rows.map((row) => row.person_id)).size).toBe(2);
});
