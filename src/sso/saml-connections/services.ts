import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Identity } from '../identities/identity.ts';
import { lockIdentity } from '../identities/identity-store.ts';
import type { SsoServices } from '../services.ts';

/** What changes of SAML connections are made with. */
export interface SamlServices extends Pick<SsoServices, 'db' | 'clock' | 'log' | 'secrets' | 'baseUrl'> {
  /** The guarded one. */
  fetch: OutboundFetch;
}

/**
 * A SAML connection that nobody else changes until the transaction ends.
 *
 * @throws DomainError not_found `identity_unknown`, input `identity_protocol`
 */
export async function lockSaml(tx: TenantTx, connectionId: ConnectionId): Promise<Identity> {
  const identity = await lockIdentity(tx, connectionId);
  if (identity === undefined) {
    const message = `This tenant has no identity connection ${connectionId}. List its identity connections to see their ids.`;
    throw new DomainError('not_found', 'identity_unknown', message);
  }
  return requireSaml(identity);
}

/** @throws DomainError input `identity_protocol` */
export function requireSaml<Kind extends Pick<Identity, 'protocol'>>(identity: Kind): Kind {
  if (identity.protocol === 'saml') return identity;
  const message = `This connection speaks ${identity.protocol}. Metadata, certificates and keys belong to SAML connections.`;
  throw new DomainError('input', 'identity_protocol', message);
}
