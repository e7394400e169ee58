import type { ConnectionId } from '../../../contracts/ids.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import type { Identity, NewIdentity } from '../../../src/sso/identities/identity.ts';
import type { SsoServices } from '../../../src/sso/services.ts';
import { createTenant, type Tenant } from '../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createTestClock, type TestClock } from '../../support/hub.ts';
import type { DirectoryServer } from '../ldap/directory-server.ts';
import { base, reader } from '../ldap/world.ts';
import { openCopy, type SignInCopy } from './copy.ts';

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

/** Call it at the top level of a test file. */
export async function startSignInWorld(database: TestDatabase): Promise<SignInWorld> {
  const clock = createTestClock();
  const log: string[] = [];
  const db = database.database;
  let baseUrl: string | undefined;

  async function addCopy(): Promise<SignInCopy> {
    const copy = await openCopy({ db, clock, log, baseUrl, trustedProxyHops: 1 });
    baseUrl ??= copy.baseUrl;
    return copy;
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
