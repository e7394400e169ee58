import { DomainError } from '../../platform/errors.ts';
import { readCertificate, type TrustedCertificate } from '../saml/certificate.ts';
import { type IdentityProviderMetadata, readIdentityProvider } from '../saml/metadata/identity-provider.ts';
import { metadataLimits } from '../saml/xml/limits.ts';
import type { SamlServices } from './services.ts';
import type { MetadataSource } from './settings.ts';

export interface ReadMetadata {
  readonly metadata: IdentityProviderMetadata;
  /** By the pinned key of the connection. */
  readonly isSigned: boolean;
}

/** A source that is asked for over the network. */
export type FetchedSource = Extract<MetadataSource, { from: 'url' | 'mdq' }>;

/**
 * Asks for an identity provider's metadata and reads it.
 *
 * @param inUse the entity id in use: another one is another identity provider, and is taken only where the settings name it
 * @throws DomainError of the guarded fetch (`outbound_…`), `metadata_unavailable`, and those of readIdentityProvider
 */
export async function fetchMetadata(
  { fetch, clock }: Pick<SamlServices, 'fetch' | 'clock'>,
  source: FetchedSource,
  inUse: string | undefined,
  signal?: AbortSignal,
): Promise<ReadMetadata> {
  const response = await fetch({
    url: source.from === 'url' ? source.url : entityAddress(source.base, source.entityId),
    headers: { accept: 'application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9' },
    maxBytes: metadataLimits.bytes,
    redirects: 3,
    retries: 1,
    ...(signal !== undefined && { signal }),
  });
  if (response.status !== 200) {
    const message = `The address answered ${response.status} in place of metadata. Compare it with what the identity provider shows.`;
    throw new DomainError('upstream', 'metadata_unavailable', message, {
      details: { status: response.status },
    });
  }
  return readMetadata(response.body, source, inUse, clock.now());
}

/**
 * Reads a document that was fetched or given.
 *
 * @throws DomainError as readIdentityProvider
 */
export function readMetadata(
  bytes: Buffer,
  source: FetchedSource | Extract<MetadataSource, { from: 'file' }>,
  inUse: string | undefined,
  now: number,
): ReadMetadata {
  const signers: TrustedCertificate[] =
    'signer' in source && source.signer !== undefined
      ? [{ ...readCertificate(source.signer), state: 'active' }]
      : [];
  const metadata = readIdentityProvider({ bytes, entityId: source.entityId ?? inUse, signers, now });
  return { metadata, isSigned: signers.length > 0 };
}

/** Where one entity is asked for (SAML Profile for the Metadata Query Protocol, 2.2: its id, percent-encoded). */
function entityAddress(base: string, entityId: string): string {
  return `${base.replace(/\/$/, '')}/entities/${encodeURIComponent(entityId)}`;
}
