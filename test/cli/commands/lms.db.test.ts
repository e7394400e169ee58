import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { baseUrl, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, freshSlug, hub, makeTenant, makeTool } = createCommandLine(testDatabase);

test('after connecting an LMS, what to enter there is printed', async () => {
  const [tenant, tool] = [await makeTenant(), await makeTool()];
  await done('tool', 'enable', '--tenant', tenant, '--tool', tool);
  const words = ['lms', 'connect', '--tenant', tenant, '--family', 'canvas', '--client-id', '10'];
  const { out, exitCode } = await hub([...words, '--deployment', '1:a', '--deployment', '1:b']);
  expect(exitCode).toBe(0);
  for (const address of ['lti/login', 'lti/launch', `open/${tool}`]) {
    expect(out).toContain(`${baseUrl}/t/${tenant}/${address}`);
  }
  expect(out).toContain(`${baseUrl}/.well-known/jwks.json`);
  const { deployments } = await done('deployment', 'list', '--tenant', tenant);
  expect(deployments.map((each: { deploymentId: string }) => each.deploymentId)).toEqual(['1:a', '1:b']);
});

test('a connection that cannot have its deployment is not made at all', async () => {
  const tenant = await makeTenant();
  const words = ['lms', 'connect', '--tenant', tenant, '--family', 'canvas', '--client-id', '10'];
  expect((await hub([...words, '--deployment', '1', '--deployment', '1'])).exitCode).toBe(1);
  expect((await done('lms', 'list', '--tenant', tenant)).registrations).toEqual([]);
});

test('an LMS connection is shown, changed and switched off', async () => {
  const tenant = await makeTenant();
  const words = ['lms', 'connect', '--tenant', tenant, '--family', 'moodle', '--client-id', 'x'];
  const { registration } = await done(...words, '--issuer', 'https://moodle.example');
  const id = registration.connectionId;
  const changed = await done(
    'lms',
    'update',
    id,
    '--tenant',
    tenant,
    '--clock-skew',
    '90',
    '--allow-anonymous',
    'yes',
  );
  expect(changed.registration).toMatchObject({
    version: 2,
    settings: { clockSkewSeconds: 90, allowAnonymous: true, iatWindowSeconds: 300 },
  });
  expect((await done('lms', 'disable', id, '--tenant', tenant)).registration.status).toBe('disabled');
  expect((await hub(['lms', 'show', id, '--tenant', tenant])).out).toContain(
    'https://moodle.example/mod/lti/certs.php',
  );
});

test('another tenant’s connection is not found', async () => {
  const [a, b] = [await makeTenant(), await makeTenant()];
  const words = ['lms', 'connect', '--tenant', a, '--family', 'canvas', '--client-id', '10'];
  const { registration } = await done(...words);
  expect(await hub(['lms', 'show', registration.connectionId, '--tenant', b])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('no LMS connection'),
  });
});

test('a hub-wide registration names no tenant, and a school is tied to its tenant by deployment', async () => {
  const tenant = await makeTenant();
  const made = await done('lms', 'hub-connect', '--family', 'blackboard', '--client-id', freshSlug());
  expect(made.forLms).toMatchObject({
    loginUrl: `${baseUrl}/lti/login`,
    redirectUri: `${baseUrl}/lti/launch`,
  });
  const registration = made.registration.connectionId;
  await done(
    'deployment',
    'add',
    '--tenant',
    tenant,
    '--registration',
    registration,
    '--deployment',
    'north',
  );
  await superuser.query(`insert into hub_deployment_claim values ($1, 'south', 'waiting', 3, now(), now())`, [
    registration,
  ]);
  expect((await done('deployment', 'claims')).claims).toContainEqual(
    expect.objectContaining({ deploymentId: 'south', through: registration, launches: 3 }),
  );
  await done(
    'deployment',
    'claim',
    '--tenant',
    tenant,
    '--registration',
    registration,
    '--deployment',
    'south',
  );
  expect((await done('deployment', 'list', '--tenant', tenant)).deployments).toMatchObject([
    { deploymentId: 'north', hubRegistrationId: registration },
    { deploymentId: 'south', hubRegistrationId: registration },
  ]);
  expect(
    (await done('lms', 'update', registration, '--hub', '--status', 'disabled')).registration.status,
  ).toBe('disabled');
  expect((await done('lms', 'list', '--hub')).registrations).toContainEqual(
    expect.objectContaining({ connectionId: registration, status: 'disabled' }),
  );
});

test('a wrong value of a setting is named by its option', async () => {
  const tenant = await makeTenant();
  const words = [
    'lms',
    'connect',
    '--tenant',
    tenant,
    '--family',
    'generic',
    '--client-id',
    'x',
    '--issuer',
    'https://a',
  ];
  expect((await hub(words)).err).toContain('--authorize-url: ');
  const more = [...words, '--authorize-url', 'https://a/b'];
  expect((await hub(more)).err).toContain('--jwks-url: Give either');
  expect((await hub([...more, '--jwks-url', 'https://a/k', '--frame-ancestor', '*'])).err).toContain(
    '--frame-ancestor: ',
  );
  expect((await hub([...more, '--jwks-url', 'https://a/k', '--iat-window', '5'])).err).toContain(
    '--iat-window: ',
  );
});
