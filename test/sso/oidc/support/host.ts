import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'express';
import type { CryptoKey } from 'jose';
import { afterAll } from 'vitest';
import type { ConnectionId } from '../../../../contracts/ids.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/db.ts';
import { hashSecret } from '../../../../src/platform/handle.ts';
import { html } from '../../../../src/platform/html.ts';
import { type HostCookie, serializeHostCookie } from '../../../../src/platform/http/cookies.ts';
import { createHttpApp } from '../../../../src/platform/http/http-app.ts';
import { openLog } from '../../../../src/platform/log.ts';
import { createOutbound } from '../../../../src/platform/outbound/fetch.ts';
import { parseKeyEncryptionKeys } from '../../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../../src/platform/secrets/secrets.ts';
import { finishSignIn } from '../../../../src/sso/finish.ts';
import { connectIdentity, openIdentity } from '../../../../src/sso/identities/identities.ts';
import type { Identity } from '../../../../src/sso/identities/identity.ts';
import { addressesOf, toOidcConnection } from '../../../../src/sso/oidc/connection.ts';
import { createOidc, type Oidc } from '../../../../src/sso/oidc/oidc.ts';
import { oidcPresets } from '../../../../src/sso/oidc/presets.ts';
import { createOidcRouter, type OidcHttp, type OidcVisit } from '../../../../src/sso/oidc/routes.ts';
import { oidcSettings } from '../../../../src/sso/oidc/settings.ts';
import { useOnce } from '../../../../src/sso/requests/once-store.ts';
import { keepRequest, newRequestHandle, takeRequest } from '../../../../src/sso/requests/requests.ts';
import type { SsoServices } from '../../../../src/sso/services.ts';
import type { SessionChoice } from '../../../../src/sso/sessions/session-store.ts';
import { endFor, findSession } from '../../../../src/sso/sessions/sessions.ts';
import { createTenant, getTenantBySlug, type Tenant } from '../../../../src/tenants/tenants.ts';
import type { SettingsInput } from './world.ts';

/** A hub that signs people in at OpenID providers and does nothing else, over a real database. */
export interface Host {
  url: string;
  services: SsoServices;
  oidc: Oidc;
  tenant(slug: string): Promise<Tenant>;
  connect(tenant: Tenant, settings: SettingsInput): Promise<Identity>;
  addresses(tenant: Tenant, identity: Identity): ReturnType<typeof addressesOf>;
  /** Begins a sign-in, as the page of this connection does. */
  begin(tenant: Tenant, identity: Identity): Promise<{ location: string; cookie: string }>;
  /** Whether this browser is signed in. */
  isSignedIn(tenant: Tenant, cookie: string): Promise<boolean>;
  /** What the request log holds. */
  log: string[];
}

/** Starts one for a test file. `key` signs assertions of private_key_jwt. */
export async function openHost(options: {
  db: Database;
  clock: Clock;
  key?: { kid: string; key: CryptoKey };
}): Promise<Host> {
  const { db, clock } = options;
  const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const secrets = createSecrets({ kek, clock });
  const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
  const signingKey = async () => {
    if (options.key === undefined) throw new Error('no key in this test');
    return options.key;
  };
  const oidc = createOidc({ fetch, clock, allowLoopback: true, signer: { signingKey } });
  const lines: string[] = [];
  const log = openLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  const { server, url } = await listen();
  const terms = { settings: oidcSettings, presets: Object.keys(oidcPresets) };
  const services: SsoServices = { db, clock, log, secrets, baseUrl: url, protocols: { oidc: terms } };
  const app = createHttpApp({
    https: false,
    trustedProxyHops: 0,
    log,
    renderErrorPage: ({ code }) => html`<p>${code}</p>`,
    routers: [createOidcRouter(createHttp(services, oidc))],
  });
  server.on('request', app);
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await fetch.close();
  });
  const by = () => ({ actor: 'test', now: clock.now() });
  return {
    url,
    services,
    oidc,
    log: lines,
    tenant: (slug) => createTenant(db, { slug, name: slug }, by()),
    connect: (tenant, settings) =>
      connectIdentity(
        services,
        tenant.tenantId,
        { protocol: 'oidc', name: 'School account', settings, allowsNew: true },
        by(),
      ),
    addresses: ({ slug }, { connectionId }) => addressesOf(slug, connectionId, url),
    begin: async (tenant, { connectionId }) => {
      const identity = await openIdentity(services, db.tenant(tenant.tenantId), connectionId);
      const handle = newRequestHandle();
      const started = await oidc.start(toOidcConnection(tenant, identity, url), handle);
      if (!started.ok) throw new Error(`not started: ${started.reason}`);
      const { location, expectations } = started;
      const kept = { identity, expectations, returnTo: `/t/${tenant.slug}/portal`, isTest: false };
      return { location, cookie: pairOf(await keepRequest(services, tenant.tenantId, handle, kept)) };
    },
    isSignedIn: async ({ tenantId }, cookie) => (await findSession(services, tenantId, cookie)) !== undefined,
  };
}

/** What the routes are given of signing in as a whole. */
function createHttp(services: SsoServices, oidc: Oidc): OidcHttp {
  const { db, clock, baseUrl } = services;
  return {
    oidc,
    baseUrl,
    visit: async (request: Request): Promise<OidcVisit> => {
      const tenant = await getTenantBySlug(db.directory, String(request.params.slug));
      const connectionId = String(request.params.connectionId) as ConnectionId;
      return { tenant, identity: await openIdentity(services, db.tenant(tenant.tenantId), connectionId) };
    },
    takeRequest: ({ tenant, identity }, handle, cookieHeader) =>
      takeRequest(services, tenant.tenantId, identity.connectionId, { handle, cookieHeader }),
    finish: async (_request, response, { tenant, identity, taken, result }) => {
      const { returnTo, isTest } = taken.request;
      const arrival = { tenant, identity, result, returnTo, isTest, reference: 'AAAA-BBBB' };
      const finished = await finishSignIn(services, arrival);
      if (finished.kind !== 'signed_in') {
        const code = finished.kind === 'refused' ? finished.reason.code : 'tested';
        response.status(400).json({ code, checks: result.checks });
        return;
      }
      response.append('Set-Cookie', serializeHostCookie(taken.cookie));
      response.append('Set-Cookie', serializeHostCookie(finished.cookie));
      response.redirect(303, finished.location);
    },
    refuse: (_request, response, _visit, code) => void response.status(400).json({ code }),
    endSessions: ({ tenant, identity: { connectionId } }, { name, index }, oneTime) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        if (!(await useOnce(tx, { connectionId, ...oneTime }))) return false;
        const choice: SessionChoice | undefined =
          name !== undefined
            ? {
                connectionId,
                partnerNameHash: hashSecret(name),
                partnerIndexHashes: index === undefined ? [] : [hashSecret(index)],
              }
            : index === undefined
              ? undefined
              : { connectionId, partnerIndexHash: hashSecret(index) };
        if (choice !== undefined) await endFor(tx, choice, 'partner', clock.now());
        return true;
      }),
  };
}

function pairOf({ name, value }: HostCookie): string {
  return `${name}=${value}`;
}

async function listen(): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
