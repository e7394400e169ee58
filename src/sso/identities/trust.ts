import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import type { TrustedCertificate } from '../saml/certificate.ts';
import { listCertificates } from '../saml-connections/certificates.ts';
import { listKeys, type ShownKey } from '../saml-connections/keys.ts';
import { findMetadataView, type MetadataView } from '../saml-connections/metadata.ts';
import { requireSaml } from '../saml-connections/services.ts';
import type { SsoServices } from '../services.ts';
import { getIdentity } from './identities.ts';

type Deps = Pick<SsoServices, 'db'>;

/** Certificates of a SAML connection, retired ones too. */
export interface BothCertificates {
  /** The other side's. */
  theirs: TrustedCertificate[];
  /** Of the hub's own keys towards it; none before it was first used. */
  ours: ShownKey[];
}

/** @throws DomainError not_found `identity_unknown`, input `identity_protocol` */
export function getCertificates(
  { db }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<BothCertificates> {
  return db.withTenant(tenantId, async (tx) => {
    requireSaml(await getIdentity(tx, connectionId));
    const theirs = await listCertificates(tx, connectionId);
    return { theirs, ours: await listKeys(tx, connectionId) };
  });
}

/** @throws DomainError not_found `identity_unknown`, `metadata_missing`; input `identity_protocol` */
export async function getMetadata(
  { db }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<MetadataView> {
  requireSaml(await getIdentity(db.tenant(tenantId), connectionId));
  const view = await findMetadataView({ db }, tenantId, connectionId);
  if (view !== undefined) return view;
  const message = 'No metadata of the other side was read yet. Ask for it, or hand it over.';
  throw new DomainError('not_found', 'metadata_missing', message);
}
