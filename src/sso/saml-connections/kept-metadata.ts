import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { type Certificate, readCertificate } from '../saml/certificate.ts';
import type { Endpoint } from '../saml/connection.ts';
import { findMetadataChanges, type MetadataInUse } from '../saml/metadata/difference.ts';
import type { IdentityProviderMetadata } from '../saml/metadata/identity-provider.ts';

const endpoint = z
  .object({
    binding: z.enum(['redirect', 'post']),
    location: z.string(),
    responseLocation: z.string().optional(),
  })
  .transform(
    ({ responseLocation, ...rest }): Endpoint =>
      responseLocation === undefined ? rest : { ...rest, responseLocation },
  );

/** What is kept of an identity provider's metadata: what was read, and not the document. */
export const keptMetadata = z.object({
  entityId: z.string(),
  displayName: z.string().nullable(),
  singleSignOn: z.array(endpoint),
  singleLogout: z.array(endpoint),
  wantsSignedRequests: z.boolean(),
  scopes: z.array(z.string()).nullable(),
  /** Scopes that are patterns, which nobody runs: shown to an operator, who can name the domains. */
  patternScopes: z.array(z.string()),
  /** DER in base64. */
  certificates: z.array(z.string()),
});
export type KeptMetadata = z.output<typeof keptMetadata>;

export function toKept(read: IdentityProviderMetadata): KeptMetadata {
  return {
    entityId: read.entityId,
    displayName: read.displayName ?? null,
    singleSignOn: [...read.singleSignOn],
    singleLogout: [...read.singleLogout],
    wantsSignedRequests: read.wantsSignedRequests,
    scopes: read.scopes === undefined ? null : [...read.scopes],
    patternScopes: [...read.patternScopes],
    certificates: read.certificates.map(({ base64 }) => base64),
  };
}

/** @throws DomainError as readCertificate: what is kept was read before */
export function certificatesOf({ certificates }: KeptMetadata): Certificate[] {
  return certificates.map(readCertificate);
}

/** Names one difference, so that what somebody agrees to is what they saw. */
export function nameStaged(staged: KeptMetadata): string {
  return createHash('sha256').update(canonicalJson(staged)).digest('hex').slice(0, 16);
}

interface ChangedCertificate {
  fingerprint: string;
  subject: string;
  notAfter: Date;
}

interface ChangedValues {
  before: readonly string[];
  after: readonly string[];
}

/** One thing that newer metadata would change, for people and for the audit trail. */
export type ShownChange =
  | { kind: 'entity_id'; before: string; after: string }
  | ({ kind: 'certificate_added' } & ChangedCertificate)
  | ({ kind: 'certificate_removed' } & ChangedCertificate)
  | ({ kind: 'sign_on_address' | 'logout_address' | 'scopes' | 'signed_requests' } & ChangedValues);

/** What would change if one became the other. Pure. */
export function showChanges(before: KeptMetadata, after: KeptMetadata): ShownChange[] {
  const changes = findMetadataChanges(inUse(before), inUse(after)).map((change): ShownChange => {
    if (change.kind !== 'certificate_added' && change.kind !== 'certificate_removed') return change;
    const { fingerprint, subject, validTo: notAfter } = change.certificate;
    return { kind: change.kind, fingerprint, subject, notAfter };
  });
  if (before.wantsSignedRequests === after.wantsSignedRequests) return changes;
  const [was, is] = [before, after].map(({ wantsSignedRequests }) => String(wantsSignedRequests));
  return [...changes, { kind: 'signed_requests', before: [was ?? ''], after: [is ?? ''] }];
}

function inUse(kept: KeptMetadata): MetadataInUse {
  return { ...kept, scopes: kept.scopes ?? undefined, certificates: certificatesOf(kept) };
}
