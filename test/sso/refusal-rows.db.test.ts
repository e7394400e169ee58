import { expect, test, vi } from 'vitest';
import { connectIdentity, setIdentityStatus } from '../../src/sso/identities/identities.ts';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person } from './ldap/world.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

vi.setConfig({ testTimeout: 30_000 });

const world = await startSignInWorld(await createTestDatabase());
const { services } = world;

async function openDirectory() {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  return { tenant, server, identity: await world.connect(tenant, [server]) };
}

/** Does something a hundred times at once: more often than rows of strangers are kept. */
function often(one: () => Promise<{ status: number; body: string }>) {
  return Promise.all(Array.from({ length: 100 }, one));
}

/** So many rows are kept at once, and one more for each second that has passed. */
function expectBound(rows: readonly unknown[], bound: number, begun: number): void {
  expect(rows.length).toBeGreaterThanOrEqual(bound);
  expect(rows.length).toBeLessThanOrEqual(bound + Math.ceil((performance.now() - begun) / 1000));
}

test('forms without a request of ours fill no table, and each is answered with its reason', async () => {
  const { tenant, server, identity } = await openDirectory();
  const form = { handle: 'x', username: 'ada', password: 'ada-password' };
  const begun = performance.now();
  const answers = await often(() => world.first.visitor().post(signInAt(tenant, identity), form));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  for (const { body } of answers) expect(body).toContain('request_unknown');
  expectBound(await world.tries(tenant), 60, begun);
  expect(server.searches).toEqual([]);
});

test('answers of OpenID providers that nobody asked for fill no table', async () => {
  const tenant = await world.addTenant();
  const { connectionId } = await connectIdentity(
    services,
    tenant.tenantId,
    {
      ...{ protocol: 'oidc', name: 'School account' },
      settings: { issuer: 'https://login.school.example', clientId: 'client-1', clientSecret: 'secret' },
    },
    world.by(),
  );
  const callback = `/t/${tenant.slug}/oidc/${connectionId}/callback?code=x&state=x`;
  const begun = performance.now();
  for (const { body } of await often(() => world.first.visitor().open(callback))) {
    expect(body).toContain('request_unknown');
  }
  const tries = await world.tries(tenant);
  expectBound(tries, 60, begun);
  expect(tries[0]).toMatchObject({ reason: 'request_unknown', outcome: 'user_error' });
});

test('knocking at a way that is closed fills no table, and is told as the fault of settings that it is', async () => {
  const { tenant, identity } = await openDirectory();
  await setIdentityStatus(services, tenant.tenantId, identity.connectionId, 'paused', world.by());
  const begun = performance.now();
  await often(() => world.first.visitor().open(signInAt(tenant, identity)));
  const tries = await world.tries(tenant);
  expectBound(tries, 60, begun);
  expect(tries[0]).toMatchObject({ reason: 'connection_closed', outcome: 'failed_config' });
});

test('whoever signs in while strangers send what they like leaves a row, refused or not', async () => {
  const { tenant, identity } = await openDirectory();
  await often(() => world.first.visitor().post(signInAt(tenant, identity), { handle: 'x' }));
  await world.first.visitor().signIn(signInAt(tenant, identity), 'ada', 'wrong');
  await world.first.visitor().signIn(signInAt(tenant, identity), 'ada');
  const last = (await world.tries(tenant)).filter(({ reason }) => reason !== 'request_unknown');
  expect(last.map(({ reason, outcome }) => [reason, outcome])).toEqual([
    ['password_wrong', 'user_error'],
    [null, 'success'],
  ]);
});

test('guesses of one address that are not even shown to the directory leave rows up to a bound', async () => {
  const { tenant, identity } = await openDirectory();
  const guess = () => world.first.visitor().signIn(signInAt(tenant, identity), 'ada', ' ');
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 330 }, guess));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expectBound(await world.tries(tenant), 300, begun);
}, 60_000);
