import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug: school.slug, ...params } });
});

const canvas = { family: 'canvas', clientId: '10000000000042' };

test('an LMS is connected by what its family does not fix, with what its administrator enters there', async () => {
  const body = { ...canvas, name: 'Our Canvas', deployments: ['7:abc'], reason: 'Kick-off' };
  const made = await call('connectLms', { body });
  expect(made).toMatchObject({
    status: 201,
    body: {
      registration: {
        ...{ family: 'canvas', issuer: 'https://canvas.instructure.com', status: 'active', version: 1 },
        settings: { clockSkewSeconds: 60, frameAncestors: ['https:'] },
      },
      deployments: [{ deploymentId: '7:abc', status: 'active', hubRegistrationId: null }],
      forLms: {
        loginUrl: `https://hub.example/t/${school.slug}/lti/login`,
        redirectUri: `https://hub.example/t/${school.slug}/lti/launch`,
      },
    },
  });
  const { registrations } = (await call('listLms')).body;
  expect(registrations).toMatchObject([{ connectionId: made.body.registration.connectionId }]);
  expect((await call('connectLms', { body: canvas })).body.code).toBe('registration_exists');
});

test('a connection is changed one setting at a time, and switched off and on', async () => {
  const { registration } = (await call('connectLms', { body: canvas })).body;
  const params = { connectionId: registration.connectionId };
  const changed = await call('updateLms', { params, body: { settings: { clockSkewSeconds: 120 } } });
  expect(changed.body.registration).toMatchObject({
    version: 2,
    settings: { ...registration.settings, clockSkewSeconds: 120 },
  });
  const off = await call('updateLms', { params, body: { status: 'disabled', reason: 'Leaked' } });
  expect(off.body.registration.status).toBe('disabled');
  expect((await call('showLms', { params })).body).toEqual(off.body);
  const { body } = await call('listAudit', { query: { action: 'lms.' } });
  expect(body.events).toMatchObject([
    { action: 'lms.updated', values: { reason: 'Leaked', after: { status: 'disabled' } } },
    { action: 'lms.updated' },
    { action: 'lms.connected' },
  ]);
});

test('deployments are added and switched', async () => {
  const { registration } = (await call('connectLms', { body: canvas })).body;
  const params = { connectionId: registration.connectionId };
  const added = await call('addDeployment', { params, body: { deploymentId: '8:x' } });
  expect(added).toMatchObject({ status: 201, body: { deployments: [{ deploymentId: '8:x' }] } });
  expect((await call('addDeployment', { params, body: { deploymentId: '8:x' } })).body.code).toBe(
    'deployment_exists',
  );
  const off = await call('setDeploymentStatus', {
    params,
    body: { deploymentId: '8:x', status: 'disabled' },
  });
  expect(off.body.deployments).toMatchObject([{ status: 'disabled' }]);
});

test('the hub is registered once for all schools of a vendor', async () => {
  const made = await call('connectHubLms', { body: { family: 'blackboard', clientId: 'app-1' } });
  expect(made).toMatchObject({
    status: 201,
    body: {
      registration: { family: 'blackboard', issuer: 'https://blackboard.com' },
      forLms: { loginUrl: 'https://hub.example/lti/login' },
    },
  });
  const params = { registrationId: made.body.registration.registrationId };
  const off = await call('updateHubLms', { params, body: { status: 'disabled' } });
  expect(off.body.registration).toMatchObject({ status: 'disabled', version: 2 });
  expect((await call('showHubLms', { params })).body).toEqual(off.body);
  expect((await call('listHubLms')).body.registrations).toHaveLength(1);
  const again = await call('connectHubLms', { body: { family: 'blackboard', clientId: 'app-1' } });
  expect(again.body.code).toBe('registration_exists');
});

test('a connection of another school is none here', async () => {
  const { registration } = (await call('connectLms', { body: canvas })).body;
  const other = await world.addSchool();
  const params = { slug: other.slug, connectionId: registration.connectionId };
  for (const [name, body] of [
    ['showLms', undefined],
    ['updateLms', { status: 'disabled' }],
    ['addDeployment', { deploymentId: 'x' }],
    ['setDeploymentStatus', { deploymentId: 'x', status: 'active' }],
  ] as const) {
    const foreign = await call(name, { params, ...(body && { body }) });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'registration_unknown' } });
  }
});

const unknown = '0199c5a4-0000-7000-8000-000000000000';
const jwks = { keys: [{ kty: 'RSA', kid: 'a', n: 'x', e: 'AQAB', p: 'secret' }] };
test.each([
  ['connectLms', { body: { family: 'webct', clientId: 'x' } }, 400, 'request_invalid'],
  ['connectLms', { body: { family: 'generic', clientId: 'x' } }, 400, 'registration_invalid'],
  ['connectLms', { body: { ...canvas, jwksUrl: 'http://canvas.example/' } }, 400, 'registration_invalid'],
  ['connectLms', { body: { ...canvas, jwks } }, 400, 'jwks_invalid'],
  ['connectLms', { body: { ...canvas, settings: { clockSkewSeconds: 9_999 } } }, 400, 'registration_invalid'],
  ['connectLms', { body: { ...canvas, deployments: ['a', 'a'] } }, 409, 'deployment_exists'],
  ['showHubLms', { params: { registrationId: unknown } }, 404, 'registration_unknown'],
] as const)('%s of %o is refused with %i %s, and nothing is connected', async (name, sent, status, code) => {
  expect(await call(name, sent as unknown as Sent)).toMatchObject({ status, body: { code } });
  expect((await call('listLms')).body.registrations).toEqual([]);
});
