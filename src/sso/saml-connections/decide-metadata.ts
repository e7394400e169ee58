import type { CertificateFact } from './certificate-states.ts';
import { certificatesOf, type KeptMetadata, type ShownChange, showChanges } from './kept-metadata.ts';

/** What newly read metadata leads to. */
export type MetadataDecision =
  /** It becomes what the connection uses: nothing that counts has changed, or it is sure. */
  | { readonly kind: 'use'; readonly changes: readonly ShownChange[] }
  /** Somebody has to agree. */
  | { readonly kind: 'stage'; readonly changes: readonly ShownChange[] };

export interface MetadataFacts {
  /** What the connection uses; undefined before the first time. */
  readonly inUse: KeptMetadata | undefined;
  readonly read: KeptMetadata;
  /** Signed by the pinned key. */
  readonly isSigned: boolean;
  readonly known: readonly CertificateFact[];
}

/**
 * Whether newly read metadata may be used at once. An address alone vouches for nothing: who takes over a web server would
 * name a certificate of theirs. Neither does a signature for another entity id, by which every person would be another, nor
 * for a certificate that was retired. Pure.
 */
export function decideMetadata({ inUse, read, isSigned, known }: MetadataFacts): MetadataDecision {
  if (inUse === undefined) return { kind: 'use', changes: [] };
  const changes = showChanges(inUse, read);
  if (changes.length === 0) return { kind: 'use', changes };
  const retired = new Set(
    known.filter(({ state }) => state === 'retired').map(({ fingerprint }) => fingerprint),
  );
  const isSure =
    isSigned &&
    changes.every(
      (change) =>
        change.kind !== 'entity_id' &&
        !(change.kind === 'certificate_added' && retired.has(change.fingerprint)),
    );
  return { kind: isSure ? 'use' : 'stage', changes };
}

/** Fingerprints of the certificates that metadata names. */
export function fingerprintsOf(metadata: KeptMetadata | undefined): string[] {
  return metadata === undefined ? [] : certificatesOf(metadata).map(({ fingerprint }) => fingerprint);
}
