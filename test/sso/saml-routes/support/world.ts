import type { Database } from '../../../../src/platform/db.ts';
import { connectIdentity } from '../../../../src/sso/identities/identities.ts';
import type { Identity, NewIdentity } from '../../../../src/sso/identities/identity.ts';
import { addCertificate, setCertificateState } from '../../../../src/sso/saml-connections/certificates.ts';
import {
  createSamlConnections,
  type SamlConnections,
} from '../../../../src/sso/saml-connections/saml-connections.ts';
import type { SsoOperation } from '../../../../src/sso/services.ts';
import { createTenant, type Tenant } from '../../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { createTestKeys, type TestKeys } from '../../saml/support/keys.ts';
import { type CopyOptions, openCopy, type SignInCopy } from '../../support/copy.ts';

/** A running copy of the hub, and its SAML connections as it sees them. */
export interface SamlCopy extends SignInCopy {
  saml: SamlConnections;
}

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
  services: SsoOperation;
  /** Every line that the copies have logged. */
  log: string[];
  /** One more copy on the same database, for the same address. `atEnd` closes it: `onTestFinished` within a test. */
  addCopy(db?: Database, atEnd?: CopyOptions['atEnd']): Promise<SamlCopy>;
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
  const log: string[] = [];
  let baseUrl: string | undefined;

  async function addCopy(db = database.database, atEnd?: CopyOptions['atEnd']): Promise<SamlCopy> {
    const copy = await openCopy({ db, clock, log, baseUrl, ...(atEnd && { atEnd }) });
    baseUrl ??= copy.baseUrl;
    return { ...copy, saml: createSamlConnections(copy.operation) };
  }

  const first = await addCopy();
  const { operation: services } = first;
  const { db } = services;
  const by = () => ({ actor: 'test', now: clock.now() });
  let tenants = 0;
  const rows = async (text: string, { tenantId }: Tenant) =>
    (await database.superuser.query(text, [tenantId])).rows;
  return {
    ...{ database, clock, keys, first, services, log, addCopy, by },
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
