import type { Clock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/db.ts';
import { connectIdentity } from '../../../../src/sso/identities/identities.ts';
import type { Identity } from '../../../../src/sso/identities/identity.ts';
import { addressesOf } from '../../../../src/sso/oidc/connection.ts';
import type { SsoOperation } from '../../../../src/sso/services.ts';
import { findSession } from '../../../../src/sso/sessions/sessions.ts';
import { createTenant, type Tenant } from '../../../../src/tenants/tenants.ts';
import { type CopyOptions, openCopy, type SignInCopy } from '../../support/copy.ts';
import type { SettingsInput } from './world.ts';

/** The hub, and schools that sign in at OpenID providers. */
export interface Host extends SignInCopy {
  services: SsoOperation;
  tenant(slug: string): Promise<Tenant>;
  connect(tenant: Tenant, settings: SettingsInput): Promise<Identity>;
  addresses(tenant: Tenant, identity: Identity): ReturnType<typeof addressesOf>;
  /** Begins a sign-in, as somebody who chose this connection; `location` is the provider's. */
  begin(tenant: Tenant, identity: Identity): Promise<{ location: string; cookie: string }>;
  /** One more copy on the same database, for the same address. @returns where it listens itself */
  addCopy(): Promise<string>;
  /** Whether this browser is signed in. */
  isSignedIn(tenant: Tenant, cookie: string): Promise<boolean>;
  /** What the request log holds. */
  log: string[];
}

/** Starts one for a test file. */
export async function openHost(options: {
  db: Database;
  clock: Clock;
  signingKey?: CopyOptions['signingKey'] | undefined;
}): Promise<Host> {
  const { db, clock } = options;
  const log: string[] = [];
  const copy = await openCopy({ ...options, log, host: 'localhost' });
  const { baseUrl, operation: services } = copy;
  const by = () => ({ actor: 'test', now: clock.now() });
  return {
    ...copy,
    services,
    log,
    tenant: (slug) => createTenant(db, { slug, name: slug }, by()),
    connect: (tenant, settings) =>
      connectIdentity(
        services,
        tenant.tenantId,
        { protocol: 'oidc', name: 'School account', settings, allowsNew: true },
        by(),
      ),
    addresses: ({ slug }, { connectionId }) => addressesOf(slug, connectionId, baseUrl),
    begin: async ({ slug }, { connectionId }) => {
      const visitor = copy.visitor();
      const { status, location, body } = await visitor.open(`/t/${slug}/sign-in/${connectionId}`);
      if (status !== 303 || location === undefined) throw new Error(`not started: ${body}`);
      return { location, cookie: [...visitor.cookies].map((pair) => pair.join('=')).join('; ') };
    },
    addCopy: async () => {
      const { visitor } = await openCopy({ ...options, log, host: 'localhost', baseUrl });
      return visitor().origin;
    },
    isSignedIn: async ({ tenantId }, cookie) => (await findSession(services, tenantId, cookie)) !== undefined,
  };
}

/** The reason code of a page that says why somebody was not let in. */
export function reasonOn(text: string): string | undefined {
  return /<p lang="en" dir="ltr">(\w+): /.exec(text)?.[1];
}
