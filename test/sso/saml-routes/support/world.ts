import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { afterAll } from 'vitest';
import { createLaunchDirectory } from '../../../../src/lti/directory.ts';
import { loadAssets } from '../../../../src/lti/pages/assets.ts';
import type { Database } from '../../../../src/platform/db.ts';
import { html } from '../../../../src/platform/html.ts';
import { endpoint } from '../../../../src/platform/http/endpoint.ts';
import { createHttpApp } from '../../../../src/platform/http/http-app.ts';
import { openLog } from '../../../../src/platform/log.ts';
import { parseKeyEncryptionKeys } from '../../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../../src/platform/secrets/secrets.ts';
import { connectIdentity } from '../../../../src/sso/identities/identities.ts';
import type { Identity, NewIdentity } from '../../../../src/sso/identities/identity.ts';
import { createSignInPages } from '../../../../src/sso/pages/environment.ts';
import { createSignInRouter } from '../../../../src/sso/routes.ts';
import { addCertificate, setCertificateState } from '../../../../src/sso/saml-connections/certificates.ts';
import { samlTerms } from '../../../../src/sso/saml-connections/terms.ts';
import { beginSaml } from '../../../../src/sso/saml-routes/begin.ts';
import { createSamlRouter } from '../../../../src/sso/saml-routes/routes.ts';
import { createSamlHttp, type SamlHttp, samlOfRequest } from '../../../../src/sso/saml-routes/services.ts';
import type { SsoServices } from '../../../../src/sso/services.ts';
import { createTenant, type Tenant } from '../../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { createTestKeys, type TestKeys } from '../../saml/support/keys.ts';
import { Visitor } from '../../support/visitor.ts';

/** A running copy of the hub's SAML endpoints. */
export interface SamlCopy {
  http: SamlHttp;
  visitor(): Visitor;
}

type AtEnd = (close: () => Promise<void>) => void;

/** Moved by tests, to the millisecond. */
export interface StillClock {
  now(): number;
  set(at: number): void;
}

/** A row of a try to sign in. */
export interface Try {
  reference: string;
  reason: string | null;
  outcome: string;
  is_test: boolean;
  traced: string;
}

export interface SamlWorld {
  database: TestDatabase;
  clock: StillClock;
  keys: TestKeys;
  first: SamlCopy;
  services: SsoServices;
  /** One more copy on the same database, for the same address. `atEnd` closes it: `onTestFinished` within a test. */
  addCopy(db?: Database, atEnd?: AtEnd): Promise<SamlCopy>;
  by(): { actor: string; now: number };
  addTenant(): Promise<Tenant>;
  /** A connection with the identity provider of these tests: its certificates are active, next and retired. */
  connect(
    tenant: Tenant,
    settings?: Record<string, unknown>,
    fields?: Partial<NewIdentity>,
  ): Promise<Identity>;
  /** What was written down of tries to sign in, in no order. */
  tries(tenant: Tenant): Promise<Try[]>;
  sessions(tenant: Tenant): Promise<Record<string, unknown>[]>;
}

export const idpEntityId = 'https://idp.example/entity';
export const noon = Date.parse('2026-11-21T12:00:00Z');

export const fieldsOfIdp = {
  from: 'fields',
  entityId: idpEntityId,
  singleSignOn: [{ binding: 'redirect', location: 'https://idp.example/sso' }],
  singleLogout: [{ binding: 'redirect', location: 'https://idp.example/slo' }],
};

const pem = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;

/** Call it at the top level of a test file. */
export async function startSamlWorld(database: TestDatabase): Promise<SamlWorld> {
  let now = noon;
  const clock: StillClock = {
    now: () => now,
    set: (at) => {
      now = at;
    },
  };
  const keys = await createTestKeys();
  const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const log = openLog({ level: 'silent' });
  const assets = loadAssets();
  let baseUrl = '';

  async function addCopy(db = database.database, atEnd: AtEnd = afterAll): Promise<SamlCopy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const origin = `http://hub.localhost:${port}`;
    if (baseUrl === '') baseUrl = origin;
    const secrets = createSecrets({ kek, clock });
    const services: SsoServices = { db, clock, log, secrets, baseUrl, protocols: { saml: samlTerms } };
    const directory = createLaunchDirectory({ db, clock });
    const http = createSamlHttp({ services, pages: createSignInPages(assets), directory });
    const begin = beginSaml(http);
    const begins = Router();
    endpoint(begins, '/t/:slug/sign-in/:connectionId', {
      get: async (request, response) => {
        const visit = await samlOfRequest(http, request);
        const isTest = request.query.test !== undefined;
        const returnTo = String(request.query.returnTo ?? `/t/${visit.tenant.slug}/portal`);
        await begin(request, response, { ...visit, returnTo, isTest });
      },
    });
    server.on(
      'request',
      createHttpApp({
        https: false,
        trustedProxyHops: 0,
        log,
        renderErrorPage: ({ code }) => html`<p>${code}</p>`,
        routers: [begins, createSignInRouter(http), createSamlRouter(http)],
      }),
    );
    atEnd(async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    return { http, visitor: () => new Visitor(origin) };
  }

  const first = await addCopy();
  const { services } = first.http;
  const { db } = services;
  const by = () => ({ actor: 'test', now: clock.now() });
  let tenants = 0;
  const rows = async (text: string, { tenantId }: Tenant) =>
    (await database.superuser.query(text, [tenantId])).rows;
  return {
    ...{ database, clock, keys, first, services, addCopy, by },
    addTenant: () => {
      tenants += 1;
      return createTenant(db, { slug: `school-${tenants}`, name: `School ${tenants}` }, by());
    },
    connect: async ({ tenantId }, settings = {}, fields = {}) => {
      const identity = await connectIdentity(
        services,
        tenantId,
        {
          protocol: 'saml',
          name: 'School account',
          allowsNew: true,
          ...fields,
          settings: { metadata: fieldsOfIdp, ...settings },
        },
        by(),
      );
      const { connectionId } = identity;
      for (const { certificate } of [keys.active, keys.next, keys.retired]) {
        await addCertificate(services, tenantId, connectionId, pem(certificate.base64), by());
      }
      const { fingerprint } = keys.retired.certificate;
      const retire = { fingerprint, state: 'retired' as const };
      await setCertificateState(services, tenantId, connectionId, retire, by());
      return identity;
    },
    tries: (tenant) =>
      rows(
        'select reference, reason, outcome, is_test, trace::text as traced from sign_in where tenant_id = $1',
        tenant,
      ),
    sessions: (tenant) =>
      rows('select * from session where tenant_id = $1 and ended_at is null order by session_id', tenant),
  };
}
