import { expect, test } from 'vitest';
import { type ConnectionId, newId, type RegistrationId } from '../../contracts/ids.ts';
import {
  claimDeployment,
  claimHubDeployment,
  listDeploymentClaims,
  listHubDeploymentClaims,
  refuseDeployment,
  refuseHubDeployment,
} from '../../src/connections/claims.ts';
import {
  addDeployment,
  addHubDeployment,
  listDeployments,
  resolveHubDeployment,
  setDeploymentStatus,
} from '../../src/connections/deployments.ts';
import {
  connectLmsHubWide,
  getHubRegistration,
  listHubRegistrations,
  updateHubRegistration,
} from '../../src/connections/hub-registrations.ts';
import {
  connectLms,
  findRegistration,
  getRegistration,
  listConnections,
  listRegistrations,
  updateRegistration,
} from '../../src/connections/registrations.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const by = { actor: 'operator:test', now: Date.UTC(2025, 8, 1) };
const rules = { allowLoopback: false };
const keys = { keys: [{ kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' }] };
let count = 0;

const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by)).tenantId;
type School = Awaited<ReturnType<typeof school>>;
const connect = (tenant: School, clientId = `client-${++count}`) =>
  database.withTenant(tenant, (tx) => connectLms(tx, { family: 'canvas', clientId }, rules, by));
const connectBlackboard = () =>
  database.withHub((tx) =>
    connectLmsHubWide(tx, { family: 'blackboard', clientId: `app-${++count}` }, rules, by),
  );
const wait = (tenant: School, connectionId: ConnectionId, deploymentId: string) =>
  superuser.query(`insert into lti_deployment_claim values ($1, $2, $3, 'waiting', 2, now(), now())`, [
    tenant,
    connectionId,
    deploymentId,
  ]);
const waitHubWide = (registrationId: RegistrationId, deploymentId: string) =>
  superuser.query(`insert into hub_deployment_claim values ($1, $2, 'waiting', 1, now(), now())`, [
    registrationId,
    deploymentId,
  ]);

test('a connected LMS is found as it was written, with its connection', async () => {
  const tenant = await school();
  const registration = await connect(tenant);
  await database.withTenant(tenant, async (tx) => {
    expect(await findRegistration(tx, registration.connectionId)).toEqual(registration);
    expect(await listRegistrations(tx)).toEqual([registration]);
    expect(await listConnections(tx)).toEqual([
      { connectionId: registration.connectionId, kind: 'lms', partner: 'canvas', name: 'Canvas' },
    ]);
  });
});

test('pasted keys and settings are read back as they were written', async () => {
  const tenant = await school();
  const written = await database.withTenant(tenant, (tx) =>
    connectLms(
      tx,
      { family: 'canvas', clientId: 'x', jwks: keys, settings: { frameAncestors: ['https://a.example'] } },
      rules,
      by,
    ),
  );
  expect(await database.withTenant(tenant, (tx) => getRegistration(tx, written.connectionId))).toEqual(
    written,
  );
});

test('two tenants may have the same issuer and client_id, one tenant may not', async () => {
  const [a, b] = [await school(), await school()];
  await connect(a, 'same');
  await connect(b, 'same');
  await expect(connect(a, 'same')).rejects.toMatchObject({ kind: 'conflict', code: 'registration_exists' });
  expect(await database.withTenant(a, listConnections)).toHaveLength(1);
});

test('a change keeps what is not mentioned and raises the version', async () => {
  const tenant = await school();
  const before = await connect(tenant);
  const after = await database.withTenant(tenant, (tx) =>
    updateRegistration(
      tx,
      before.connectionId,
      { status: 'disabled', jwks: keys, settings: { clockSkewSeconds: 10 } },
      rules,
      by,
    ),
  );
  expect(after).toEqual({
    ...before,
    status: 'disabled',
    jwks: keys,
    jwksUrl: null,
    settings: { ...before.settings, clockSkewSeconds: 10 },
    version: 2,
  });
  expect(await database.withTenant(tenant, (tx) => getRegistration(tx, before.connectionId))).toEqual(after);
});

test('a tenant neither sees nor changes the connections of another', async () => {
  const [a, b] = [await school(), await school()];
  const registration = await connect(a);
  const { connectionId } = registration;
  await database.withTenant(a, (tx) => addDeployment(tx, { connectionId, deploymentId: '1' }, by));
  await wait(a, connectionId, 'waiting');
  await database.withTenant(b, async (tx) => {
    expect(await findRegistration(tx, connectionId)).toBeUndefined();
    expect(await listRegistrations(tx)).toEqual([]);
    expect(await listConnections(tx)).toEqual([]);
    expect(await listDeployments(tx, connectionId)).toEqual([]);
    expect(await listDeploymentClaims(tx)).toEqual([]);
  });
  const changes = await Promise.allSettled([
    database.withTenant(b, (tx) => updateRegistration(tx, connectionId, { clientId: 'x' }, rules, by)),
    database.withTenant(b, (tx) => addDeployment(tx, { connectionId, deploymentId: '2' }, by)),
    database.withTenant(b, (tx) => setDeploymentStatus(tx, connectionId, '1', 'disabled', by)),
    database.withTenant(b, (tx) => claimDeployment(tx, { connectionId, deploymentId: 'waiting' }, by)),
    database.withTenant(b, (tx) => refuseDeployment(tx, { connectionId, deploymentId: 'waiting' }, by)),
  ]);
  for (const change of changes) expect(change).toMatchObject({ reason: { kind: 'not_found' } });
  expect(await database.withTenant(a, (tx) => getRegistration(tx, connectionId))).toEqual(registration);
});

test('a deployment is added once, switched off and listed', async () => {
  const tenant = await school();
  const { connectionId } = await connect(tenant);
  await database.withTenant(tenant, (tx) => addDeployment(tx, { connectionId, deploymentId: '1:a' }, by));
  await expect(
    database.withTenant(tenant, (tx) => addDeployment(tx, { connectionId, deploymentId: '1:a' }, by)),
  ).rejects.toMatchObject({ kind: 'conflict', code: 'deployment_exists' });
  await database.withTenant(tenant, (tx) => setDeploymentStatus(tx, connectionId, '1:a', 'disabled', by));
  expect(await database.withTenant(tenant, (tx) => listDeployments(tx, connectionId))).toEqual([
    { connectionId, deploymentId: '1:a', hubRegistrationId: null, status: 'disabled' },
  ]);
});

test.each(['', 'x'.repeat(256), 'ä'])('the deployment_id %j is refused', async (deploymentId) => {
  const tenant = await school();
  const { connectionId } = await connect(tenant);
  await expect(
    database.withTenant(tenant, (tx) => addDeployment(tx, { connectionId, deploymentId }, by)),
  ).rejects.toMatchObject({ code: 'deployment_invalid' });
});

test('a waiting deployment is claimed once and then works', async () => {
  const tenant = await school();
  const { connectionId } = await connect(tenant);
  await wait(tenant, connectionId, 'new');
  const claim = () =>
    database.withTenant(tenant, (tx) => claimDeployment(tx, { connectionId, deploymentId: 'new' }, by));
  const results = await Promise.allSettled([claim(), claim()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [claims, deployments] = await database.withTenant(tenant, async (tx) => [
    await listDeploymentClaims(tx),
    await listDeployments(tx, connectionId),
  ]);
  expect(claims).toMatchObject([
    { through: connectionId, deploymentId: 'new', status: 'claimed', launches: 2 },
  ]);
  expect(deployments).toMatchObject([{ deploymentId: 'new', status: 'active' }]);
});

test('a refused deployment may still be claimed, a claimed one not refused', async () => {
  const tenant = await school();
  const { connectionId } = await connect(tenant);
  const input = { connectionId, deploymentId: 'new' };
  await wait(tenant, connectionId, 'new');
  await database.withTenant(tenant, (tx) => refuseDeployment(tx, input, by));
  await expect(database.withTenant(tenant, (tx) => refuseDeployment(tx, input, by))).rejects.toMatchObject({
    code: 'claim_unknown',
  });
  await database.withTenant(tenant, (tx) => claimDeployment(tx, input, by));
  await expect(database.withTenant(tenant, (tx) => refuseDeployment(tx, input, by))).rejects.toMatchObject({
    code: 'claim_unknown',
  });
});

test('a claim nobody waits for is refused', async () => {
  const tenant = await school();
  const { connectionId } = await connect(tenant);
  await expect(
    database.withTenant(tenant, (tx) => claimDeployment(tx, { connectionId, deploymentId: 'no' }, by)),
  ).rejects.toMatchObject({ code: 'claim_unknown' });
});

test('a hub-wide registration exists once and is changed like a tenant’s own', async () => {
  const registration = await connectBlackboard();
  expect(await database.withHub(listHubRegistrations)).toContainEqual(registration);
  await expect(
    database.withHub((tx) =>
      connectLmsHubWide(tx, { family: 'blackboard', clientId: registration.clientId }, rules, by),
    ),
  ).rejects.toMatchObject({ code: 'registration_exists' });
  const changed = await database.withHub((tx) =>
    updateHubRegistration(tx, registration.connectionId, { status: 'disabled' }, rules, by),
  );
  expect(changed).toEqual({ ...registration, status: 'disabled', version: 2 });
  expect(await database.withHub((tx) => getHubRegistration(tx, registration.connectionId))).toEqual(changed);
  await expect(
    database.withHub((tx) => getHubRegistration(tx, newId<RegistrationId>())),
  ).rejects.toMatchObject({ code: 'registration_unknown' });
});

test('a claimed hub-wide deployment leads to its tenant, whose schools share one connection', async () => {
  const tenant = await school();
  const { connectionId: registrationId } = await connectBlackboard();
  for (const deploymentId of ['north', 'south']) {
    await waitHubWide(registrationId, deploymentId);
    await database.withTenant(tenant, (tx) => claimHubDeployment(tx, { registrationId, deploymentId }, by));
  }
  const connections = await database.withTenant(tenant, listConnections);
  expect(connections).toMatchObject([{ partner: 'blackboard', name: 'Blackboard' }]);
  expect(await resolveHubDeployment(database.directory, registrationId, 'south')).toEqual({
    tenantId: tenant,
    connectionId: connections[0]?.connectionId,
    deploymentId: 'south',
    hubRegistrationId: registrationId,
    status: 'active',
  });
  expect(await resolveHubDeployment(database.directory, registrationId, 'east')).toBeUndefined();
  expect(await resolveHubDeployment(database.directory, newId<RegistrationId>(), 'south')).toBeUndefined();
});

test('a hub-wide deployment of one tenant cannot become another’s, and nothing of the try remains', async () => {
  const [a, b] = [await school(), await school()];
  const { connectionId: registrationId } = await connectBlackboard();
  const add = (tenant: School) =>
    database.withTenant(tenant, (tx) => addHubDeployment(tx, { registrationId, deploymentId: 'one' }, by));
  await add(a);
  await expect(add(b)).rejects.toMatchObject({ kind: 'conflict', code: 'deployment_taken' });
  expect(await database.withTenant(b, listConnections)).toEqual([]);
});

test('hub-wide claims are seen by the hub alone, and may be refused there', async () => {
  const { connectionId: registrationId } = await connectBlackboard();
  await waitHubWide(registrationId, 'stranger');
  await database.withHub((tx) => refuseHubDeployment(tx, { registrationId, deploymentId: 'stranger' }, by));
  const claims = await database.withHub(listHubDeploymentClaims);
  expect(claims.filter(({ through }) => through === registrationId)).toMatchObject([
    { deploymentId: 'stranger', status: 'refused' },
  ]);
});

test('every change is announced for the caches that hold it', async () => {
  const tenant = await school();
  const { connectionId: registrationId } = await connectBlackboard();
  const heard: (string | undefined)[] = [];
  superuser.on('notification', ({ payload }) => heard.push(payload));
  await superuser.query('listen gatehouse_changed');
  await connect(tenant);
  await database.withTenant(tenant, (tx) => addHubDeployment(tx, { registrationId, deploymentId: 'd' }, by));
  await database.withHub((tx) => updateHubRegistration(tx, registrationId, { clientId: 'z' }, rules, by));
  await superuser.query('unlisten gatehouse_changed');
  expect(heard).toEqual([
    `tenant:${tenant}`,
    `tenant:${tenant}`,
    `hub_registration:${registrationId}`,
    `hub_registration:${registrationId}`,
  ]);
});
