import { expect, test } from 'vitest';
import { addHubDeployment } from '../../src/connections/deployments.ts';
import { connectLmsHubWide, updateHubRegistration } from '../../src/connections/hub-registrations.ts';
import { createSigner } from '../../src/lti/keys/signer.ts';
import { probeLaunch } from '../../src/lti/probe-launch.ts';
import { createSecrets } from '../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { keyNamed } from '../platform/secrets/keys.ts';
import { createTestDatabase } from '../support/database.ts';
import { by } from '../support/hub.ts';
import { createLmsWorld, createScriptedLms, lmsUrl } from './lms/lms-world.ts';
import { createPublishedKey } from './signing-key.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await createLmsWorld(testDatabase);
const lms = createScriptedLms();
const keys = {
  db: database,
  clock: world.clock,
  secrets: createSecrets({ kek: keyNamed('main', 1), clock: world.clock }),
};
const services = { ...keys, baseUrl: 'https://hub.example', fetch: lms.fetch, signer: createSigner(keys) };
const { jwk } = createPublishedKey('lms-1');
const answers = { status: 200, headers: { 'content-type': 'application/json' }, body: { keys: [jwk] } };

test('the keys of the LMS are fetched anew each time, and nothing else of it is asked', async () => {
  const { tenantId, connectionId } = await world.school('probed');
  lms.onCall = () => answers;
  const well = { outcome: 'success', reason: null };
  expect(await probeLaunch(services, tenantId, connectionId)).toEqual(well);
  expect(await probeLaunch(services, tenantId, connectionId)).toEqual(well);
  expect(lms.requests.map(({ url }) => url)).toEqual([`${lmsUrl}/jwks`, `${lmsUrl}/jwks`]);
  lms.onCall = () => ({ status: 503 });
  await expect(probeLaunch(services, tenantId, connectionId)).rejects.toMatchObject({
    code: 'jwks_unavailable',
  });
});

test('a registration of the hub’s is asked in the name of each school, and not while it is off', async () => {
  const { tenantId } = await createTenant(database, { slug: 'under-the-hub', name: 'School' }, by());
  const rules = { allowLoopback: false };
  const { connectionId: registrationId } = await database.withHub((tx) =>
    connectLmsHubWide(
      tx,
      {
        ...{ family: 'canvas', issuer: lmsUrl, clientId: 'hub-wide', authorizeUrl: `${lmsUrl}/a` },
        jwksUrl: `${lmsUrl}/wide-jwks`,
      },
      rules,
      by(),
    ),
  );
  const { connectionId } = await database.withTenant(tenantId, (tx) =>
    addHubDeployment(tx, { registrationId, deploymentId: '1' }, by()),
  );
  lms.onCall = () => answers;
  expect(await probeLaunch(services, tenantId, connectionId)).toMatchObject({ outcome: 'success' });
  expect(lms.requests.at(-1)?.url).toBe(`${lmsUrl}/wide-jwks`);
  const before = lms.requests.length;
  await database.withHub((tx) =>
    updateHubRegistration(tx, registrationId, { status: 'disabled' }, rules, by()),
  );
  expect(await probeLaunch(services, tenantId, connectionId)).toMatchObject({ outcome: 'suppressed' });
  expect(lms.requests).toHaveLength(before);
});
