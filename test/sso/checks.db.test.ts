import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ConnectionId } from '../../contracts/ids.ts';
import { createOutbound } from '../../src/platform/outbound/fetch.ts';
import { connectIdentity } from '../../src/sso/identities/identities.ts';
import { checkIdentity, describeOwnSide } from '../../src/sso/identities/other-side.ts';
import { createOidcTerms } from '../../src/sso/oidc-terms.ts';
import { createSamlTerms } from '../../src/sso/saml-check.ts';
import { addCertificate } from '../../src/sso/saml-connections/certificates.ts';
import { giveMetadata, refreshMetadata } from '../../src/sso/saml-connections/metadata.ts';
import type { Tenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';
import { createTestKey } from './saml/support/keys.ts';
import { pem, serveMetadata, writeMetadata } from './saml-connections/support/metadata.ts';
import { startSignInWorld } from './support/world.ts';

const world = await startSignInWorld(await createTestDatabase());
const { by, clock } = world;
const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
afterAll(() => fetch.close());
const deps = { ...world.services, fetch };
const services = {
  ...deps,
  protocols: {
    ...deps.protocols,
    saml: createSamlTerms(deps),
    oidc: createOidcTerms({ fetch, clock, allowLoopback: true }),
  },
};
const web = await serveMetadata();
const key = await createTestKey('idp');
let tenant: Tenant;
let connectionId: ConnectionId;

beforeEach(async () => {
  tenant = await world.addTenant();
});

async function connectSaml(metadata: Record<string, unknown>) {
  const input = { protocol: 'saml' as const, name: 'School account', settings: { metadata } };
  ({ connectionId } = await connectIdentity(services, tenant.tenantId, input, by()));
}

async function check() {
  const { isWell, steps } = await checkIdentity(services, tenant, connectionId);
  for (const step of steps) expect(step.reason === undefined).toBe(step.advice === undefined);
  return [isWell, ...steps.map(({ step, reason = 'ok' }) => `${step}: ${reason}`)];
}

test('of a SAML connection it is told what lacks, and that everything is there', async () => {
  web.answerBy((_request, response) => response.writeHead(404).end());
  await connectSaml({ from: 'url', url: web.url });
  const missing = ['in_use: metadata_missing', 'certificates: certificate_missing'];
  expect(await check()).toEqual([false, 'metadata: metadata_unavailable', ...missing]);
  web.answer('<html/>');
  expect(await check()).toEqual([false, 'metadata: metadata_unreadable', ...missing]);
  web.answer(writeMetadata({ keys: [key], validUntil: new Date(clock.now() + 60_000).toISOString() }));
  expect(await check()).toEqual([false, 'metadata: ok', ...missing]);
  await refreshMetadata(services, tenant.tenantId, connectionId, by());
  expect(await check()).toEqual([true, 'metadata: ok', 'in_use: ok', 'certificates: ok']);
  clock.advance(61_000);
  expect(await check()).toEqual([
    false,
    'metadata: metadata_expired',
    'in_use: metadata_expired',
    'certificates: ok',
  ]);
});

test('nobody is asked where metadata was handed over or typed in', async () => {
  const asked = web.paths.length;
  await connectSaml({ from: 'file' });
  await giveMetadata(
    services,
    tenant.tenantId,
    connectionId,
    Buffer.from(writeMetadata({ keys: [key] })),
    by(),
  );
  expect(await check()).toEqual([true, 'in_use: ok', 'certificates: ok']);
  await connectSaml({
    ...{ from: 'fields', entityId: 'https://idp.example' },
    singleSignOn: [{ binding: 'redirect', location: 'https://idp.example/sso' }],
  });
  expect(await check()).toEqual([false, 'in_use: ok', 'certificates: certificate_missing']);
  await addCertificate(services, tenant.tenantId, connectionId, pem(key), by());
  expect(await check()).toEqual([true, 'in_use: ok', 'certificates: ok']);
  expect(web.paths.length).toBe(asked);
});

/** An OpenID provider as far as a check asks it. */
async function serveProvider(listener: (origin: string) => RequestListener): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', listener(origin));
  return origin;
}

const describe = (origin: string, issuer = origin) => ({
  issuer,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  jwks_uri: `${origin}/keys`,
});

async function connectOidc(issuer: string) {
  const settings = { issuer, clientId: 'hub', clientSecret: 'a-secret-of-the-client' };
  const input = { protocol: 'oidc' as const, preset: 'keycloak', name: 'Keycloak', settings };
  ({ connectionId } = await connectIdentity(services, tenant.tenantId, input, by()));
}

test('an OpenID provider is asked to describe itself, and for its keys', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: '1', use: 'sig' }];
  const origin = await serveProvider((own) => (request, response) => {
    const body = request.url === '/keys' ? { keys } : describe(own);
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  });
  await connectOidc(origin);
  expect(await check()).toEqual([true, 'discovery: ok', 'keys: ok']);
});

test('the first step of an OpenID provider that fails is the last', async () => {
  const other = await serveProvider((own) => (_request, response) => {
    response.end(JSON.stringify(describe(own, 'https://other.example')));
  });
  await connectOidc(other);
  expect(await check()).toEqual([false, 'discovery: discovery_issuer']);
  await connectOidc('http://127.0.0.1:1');
  expect(await check()).toEqual([false, 'discovery: discovery_unreachable']);
  const withoutKeys = await serveProvider((own) => (request, response) => {
    if (request.url === '/keys') response.writeHead(500).end();
    else response.end(JSON.stringify(describe(own)));
  });
  await connectOidc(withoutKeys);
  expect(await check()).toEqual([false, 'discovery: ok', 'keys: keys_unreachable']);
});

test('the institution is told what to enter for an OpenID client', async () => {
  await connectOidc('https://keycloak.school.example/realms/school');
  const { addresses, advice } = (await describeOwnSide(services, tenant, connectionId))!;
  const own = `${services.baseUrl}/t/${tenant.slug}/oidc/${connectionId}`;
  expect(addresses.map(({ value }) => value)).toEqual([
    `${own}/callback`,
    `${services.baseUrl}/t/${tenant.slug}/signed-out`,
    `${own}/backchannel-logout`,
  ]);
  expect(advice).toContain('Backchannel logout session required');
});
