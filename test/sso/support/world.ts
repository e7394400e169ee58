import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { createLaunchDirectory } from '../../../src/lti/directory.ts';
import { createAssetsRouter, loadAssets } from '../../../src/lti/pages/assets.ts';
import { createPageEnvironments } from '../../../src/lti/pages/environment.ts';
import { reasonPage } from '../../../src/lti/pages/error-page.ts';
import { createHttpApp } from '../../../src/platform/http/http-app.ts';
import { openLog } from '../../../src/platform/log.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import type { Identity, NewIdentity } from '../../../src/sso/identities/identity.ts';
import type { SsoServices } from '../../../src/sso/services.ts';
import { createSso, type Sso } from '../../../src/sso/sso.ts';
import { createTenant, type Tenant } from '../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createTestClock, type TestClock } from '../../support/hub.ts';
import type { DirectoryServer } from '../ldap/directory-server.ts';
import { base, reader } from '../ldap/world.ts';
import { Visitor } from './visitor.ts';

/** A copy of the hub's sign-in pages. */
export interface SignInCopy {
  sso: Sso;
  /** For a browser that has never been here. */
  visitor(headers?: Record<string, string>): Visitor;
}

export interface SignInWorld {
  database: TestDatabase;
  clock: TestClock;
  services: SsoServices;
  first: SignInCopy;
  /** One more copy on the same database, for the same address. */
  addCopy(): Promise<SignInCopy>;
  /** Every line that the copies have logged. */
  log: string[];
  by(): { actor: string; now: number };
  addTenant(): Promise<Tenant>;
  /** A tenant's directory, spoken to in the clear on this machine. */
  connect(
    tenant: Tenant,
    servers: readonly (DirectoryServer | number)[],
    options?: Partial<Omit<NewIdentity, 'settings'>> & { settings?: Record<string, unknown> },
  ): Promise<Identity>;
  /** What was written down of tries to sign in, the oldest first. */
  tries(tenant: Tenant): Promise<Record<string, unknown>[]>;
  sessions(tenant: Tenant): Promise<Record<string, unknown>[]>;
}

const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);

/** Call it at the top level of a test file. */
export async function startSignInWorld(database: TestDatabase): Promise<SignInWorld> {
  const clock = createTestClock();
  const log: string[] = [];
  const secrets = createSecrets({ kek, clock });
  const db = database.database;
  const directory = createLaunchDirectory({ db, clock });
  const assets = loadAssets();
  const pages = createPageEnvironments(assets);
  let baseUrl = '';

  async function addCopy(): Promise<SignInCopy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    if (baseUrl === '') baseUrl = `http://hub.localhost:${port}`;
    const logger = openLog({ level: 'debug', destination: { write: (line: string) => log.push(line) } });
    const parts = { db, clock, log: logger, secrets, baseUrl, assets, directory };
    const sso = createSso({ ...parts, allowLoopback: true, directoryNetworks: [] });
    server.on(
      'request',
      createHttpApp({
        https: false,
        trustedProxyHops: 1,
        log: logger,
        renderErrorPage: ({ reference }) => reasonPage(pages('en'), { code: 'internal', reference }),
        routers: [createAssetsRouter(assets), ...sso.routers],
      }),
    );
    afterAll(async () => {
      await sso.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    const origin = `http://hub.localhost:${port}`;
    return { sso, visitor: (headers) => new Visitor(origin, headers) };
  }

  const first = await addCopy();
  const { services } = first.sso;
  const by = () => ({ actor: 'test', now: clock.now() });
  let tenants = 0;
  const rows = async (text: string, { tenantId }: Tenant) =>
    (await database.superuser.query<Record<string, unknown>>(text, [tenantId])).rows;
  return {
    ...{ database, clock, services, first, addCopy, log, by },
    addTenant: () => {
      tenants += 1;
      return createTenant(db, { slug: `school-${tenants}`, name: `School ${tenants}` }, by());
    },
    connect: (tenant, servers, { settings, ...options } = {}) =>
      connectIdentity(
        services,
        tenant.tenantId,
        {
          protocol: 'ldap',
          name: 'School directory',
          allowsNew: true,
          ...options,
          settings: { ...directorySettingsOf(servers), ...settings },
        },
        by(),
      ),
    tries: (tenant) =>
      rows('select *, trace::text as traced from sign_in where tenant_id = $1 order by sign_in_id', tenant),
    sessions: (tenant) => rows('select * from session where tenant_id = $1 order by session_id', tenant),
  };
}

function directorySettingsOf(servers: readonly (DirectoryServer | number)[]): Record<string, unknown> {
  return {
    name: 'school.example',
    kind: 'generic',
    servers: servers.map((server) => ({
      url: `ldap://127.0.0.1:${typeof server === 'number' ? server : server.port}`,
      plain: true,
    })),
    authorities: 'public',
    serviceAccount: reader.dn,
    servicePassword: reader.password,
    base,
    user: { nameAttributes: ['uid', 'mail'] },
    key: 'entryUUID',
    timeouts: { connectMs: 600, operationMs: 600, waitMs: 5000 },
  };
}

/** The address where signing in by a connection begins. */
export function signInAt({ slug }: Tenant, { connectionId }: { connectionId: ConnectionId }): string {
  return `/t/${slug}/sign-in/${connectionId}`;
}
