import { expect, test } from 'vitest';
import { listDeployments } from '../../src/connections/deployments.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld } from './support/api-world.ts';
import { addWaitingDeployments } from './support/deployment-rows.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = createApiWorld(testDatabase);

async function waitingSchool() {
  const school = await world.addSchool();
  const rows = await addWaitingDeployments(testDatabase, school.tenantId, world.clock.now());
  return { ...school, ...rows, params: { slug: school.slug } };
}

async function auditOf(subjectLike: string) {
  const { rows } = await superuser.query<{ action: string }>(
    `select action from audit_event where subject like $1 and action like 'deployment.%' order by sequence`,
    [subjectLike],
  );
  return rows.map(({ action }) => action);
}

test('waiting deployments are listed, by how they stand', async () => {
  const { token, params, tenantId, connectionId, own } = await waitingSchool();
  const { call } = await world.open();
  const { body } = await call('listDeploymentClaims', { token, params });
  expect(body.claims).toMatchObject([
    { connectionId, deploymentId: '7:strange', status: 'waiting', launches: 2 },
    { connectionId, deploymentId: '7:wanted', status: 'waiting', launches: 2 },
  ]);
  await call('refuseDeployment', { token, params, body: own.strange });
  const waiting = await call('listDeploymentClaims', { token, params, query: { status: 'waiting' } });
  expect(waiting.body.claims.map(({ deploymentId }: { deploymentId: string }) => deploymentId)).toEqual([
    '7:wanted',
  ]);
  const one = await call('listDeploymentClaims', { token, params, query: { limit: '1' } });
  expect(one.body.claims).toHaveLength(1);
  const rest = await call('listDeploymentClaims', {
    token,
    params,
    query: { limit: '1', after: one.body.next },
  });
  expect([one, rest].map(({ body }) => body.claims[0].deploymentId)).toEqual(['7:strange', '7:wanted']);
  expect(rest.body.next).toBeNull();

  // A launch of one that was not met yet does not take it off the pages to come.
  await superuser.query(
    `update lti_deployment_claim set last_seen_at = last_seen_at + interval '1 hour' where tenant_id = $1 and deployment_id = '7:wanted'`,
    [tenantId],
  );
  const after = { token, params, query: { limit: '1', after: one.body.next } };
  expect((await call('listDeploymentClaims', after)).body.claims[0].deploymentId).toBe('7:wanted');
});

test('a claim makes the deployment the school’s, once, and stands in the audit trail with its reason', async () => {
  const { token, params, tenantId, connectionId, own } = await waitingSchool();
  const { call } = await world.open();
  const body = { ...own.wanted, reason: 'Ours, says the IT desk' };
  const claimed = await call('claimDeployment', { token, params, body });
  expect(claimed).toMatchObject({
    status: 200,
    body: { deployment: { connectionId, deploymentId: '7:wanted', status: 'active' } },
  });
  const again = await call('claimDeployment', { token, params, body });
  expect(again).toMatchObject({ status: 404, body: { code: 'claim_unknown' } });
  expect(await database.withTenant(tenantId, (tx) => listDeployments(tx, connectionId))).toHaveLength(1);
  expect(await auditOf(`%${connectionId}`)).toEqual(['deployment.added']);
  const { rows } = await superuser.query(
    `select v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where e.subject like $1 and e.action = 'deployment.added'`,
    [`%${connectionId}`],
  );
  expect(rows).toEqual([{ reason: body.reason }]);
});

test('a refusal is taken back by a claim, and a claim by nothing', async () => {
  const { token, params, connectionId, own } = await waitingSchool();
  const { call } = await world.open();
  const refused = await call('refuseDeployment', { token, params, body: own.wanted });
  expect(refused.body).toEqual({ deploymentId: '7:wanted', status: 'refused' });
  expect((await call('claimDeployment', { token, params, body: own.wanted })).status).toBe(200);
  const late = await call('refuseDeployment', { token, params, body: own.wanted });
  expect(late).toMatchObject({ status: 404, body: { code: 'claim_unknown' } });
  expect(await auditOf(`%${connectionId}`)).toEqual(['deployment.refused', 'deployment.added']);
});

test('the hub says which school a deployment of a hub-wide registration is', async () => {
  const school = await waitingSchool();
  const { token } = await world.makeToken();
  const { call } = await world.open();
  const { wanted, strange } = school.hubWide;
  const { body } = await call('listHubDeploymentClaims', { token, query: { status: 'waiting' } });
  const mine = body.claims.filter((each: typeof wanted) => each.registrationId === wanted.registrationId);
  expect(mine).toHaveLength(2);
  const claimed = await call('claimHubDeployment', { token, body: { ...wanted, slug: school.slug } });
  expect(claimed.body.deployment).toMatchObject({ hubRegistrationId: wanted.registrationId });
  const refused = await call('refuseHubDeployment', { token, body: strange });
  expect(refused.body).toEqual({ deploymentId: '7:strange', status: 'refused' });
  const unknown = await call('claimHubDeployment', { token, body: { ...strange, slug: 'nowhere' } });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'tenant_unknown' } });
});

test('those of one connection are found among many of the institution’s others', async () => {
  const { token, params, tenantId, connectionId } = await waitingSchool();
  const other = await addWaitingDeployments(testDatabase, tenantId, world.clock.now(), 'other');
  await superuser.query(
    `insert into lti_deployment_claim select $1, $2, 'other ' || n, 'waiting', 1, now(), now() from generate_series(1, 60) n`,
    [tenantId, other.connectionId],
  );
  const { call } = await world.open();
  const query = { status: 'waiting', limit: '50', connectionId };
  const { body } = await call('listDeploymentClaims', { token, params, query });
  expect(body.claims.map(({ deploymentId }: { deploymentId: string }) => deploymentId)).toEqual([
    '7:strange',
    '7:wanted',
  ]);
});

test('more than a page of deployments of hub-wide registrations are met once each, the newest first', async () => {
  const { hubWide } = await waitingSchool();
  const { registrationId } = hubWide.wanted;
  // As many seen at one moment as fit no page, some of them microseconds apart.
  await superuser.query(
    `insert into hub_deployment_claim select $1, 'many ' || n || ' of one', 'refused', 1,
       timestamptz '2026-11-20' + interval '1 microsecond' * (n / 200), now() from generate_series(1, 600) n`,
    [registrationId],
  );
  const { token } = await world.makeToken();
  const { call } = await world.open();
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const query = { status: 'refused', limit: '250', ...(after !== null && { after }) };
    const { body } = await call('listHubDeploymentClaims', { token, query });
    seen.push(...body.claims.map(({ deploymentId }: { deploymentId: string }) => deploymentId));
    after = body.next;
  } while (after !== null && seen.length < 2_000);
  const many = seen.filter((each) => each.startsWith('many '));
  expect([many.length, new Set(many).size]).toEqual([600, 600]);
  expect(many[0]).toBe('many 600 of one');
  const lost = await call('listHubDeploymentClaims', { token, query: { after: 'nowhere' } });
  expect(lost).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
});

test.each(['', 'ä', 'x'.repeat(256), 'a\n'])('the deployment_id %j is none', async (deploymentId) => {
  const { token, params, connectionId } = await waitingSchool();
  const { call } = await world.open();
  const wrong = await call('claimDeployment', { token, params, body: { connectionId, deploymentId } });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
});
