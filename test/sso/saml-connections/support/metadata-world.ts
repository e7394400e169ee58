import { afterAll } from 'vitest';
import type { ConnectionId } from '../../../../contracts/ids.ts';
import type { Lookup } from '../../../../src/platform/outbound/connector.ts';
import { createOutbound } from '../../../../src/platform/outbound/fetch.ts';
import { connectIdentity } from '../../../../src/sso/identities/identities.ts';
import { listCertificates } from '../../../../src/sso/saml-connections/certificates.ts';
import { findMetadataView, refreshMetadata } from '../../../../src/sso/saml-connections/metadata.ts';
import type { SamlServices } from '../../../../src/sso/saml-connections/services.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { startSamlWorld } from '../../saml-routes/support/world.ts';
import { type Described, serveMetadata, writeMetadata } from './metadata.ts';

/** A hub beside a web server that shows an identity provider's metadata. Call it at the top level of a test file. */
export async function startMetadataWorld(testDatabase: TestDatabase) {
  const world = await startSamlWorld(testDatabase);
  const { services, keys } = world;
  const web = await serveMetadata();
  const mine = await world.addTenant();

  /** As the hub calls others, with this machine's own addresses allowed. */
  function open(options: { allowLoopback?: boolean; lookup?: Lookup } = {}): SamlServices {
    const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test', ...options });
    afterAll(() => fetch.close());
    return { ...services, fetch };
  }
  const deps = open();
  const nameOf = (fingerprint: string) =>
    Object.entries(keys).find(([, { certificate }]) => certificate.fingerprint === fingerprint)?.[0];
  return {
    ...{ world, web, mine, open, deps },
    connect: (metadata: Record<string, unknown> = { from: 'url', url: web.url }, tenant = mine) => {
      const fields = { protocol: 'saml' as const, name: 'School account', allowsNew: true };
      return connectIdentity(services, tenant.tenantId, { ...fields, settings: { metadata } }, world.by());
    },
    publish: (described: Described) => web.answer(writeMetadata(described)),
    refresh: (connectionId: ConnectionId, by = deps) =>
      refreshMetadata(by, mine.tenantId, connectionId, world.by()),
    view: (connectionId: ConnectionId) => findMetadataView(deps, mine.tenantId, connectionId),
    /** States of certificates, by the names that the keys of these tests have. */
    states: async (connectionId: ConnectionId, tenant = mine) => {
      const found = await listCertificates(services.db.tenant(tenant.tenantId), connectionId);
      return Object.fromEntries(found.map(({ fingerprint, state }) => [nameOf(fingerprint), state]));
    },
    actions: async (connectionId: ConnectionId): Promise<string[]> => {
      const { rows } = await testDatabase.superuser.query(
        'select action from audit_event where tenant_id = $1 and subject = $2 order by sequence',
        [mine.tenantId, `connection:${connectionId}`],
      );
      return rows.map(({ action }) => action);
    },
  };
}
