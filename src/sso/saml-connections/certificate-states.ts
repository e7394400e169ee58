import type { CertificateState } from '../saml/certificate.ts';

/** A certificate by what it is told by. */
export interface CertificateFact {
  /** Lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly state: CertificateState;
}

/** A certificate that comes into a state; it may be one that is not there yet. */
export interface CertificateMove {
  readonly fingerprint: string;
  readonly to: CertificateState;
}

/**
 * What other metadata does to the certificates of a connection: removed ones are retired; added ones are announced while an
 * older one still signs, and become active by themselves once none of those is left. What was added or retired by hand and
 * is not touched by the change stays as it is. Pure.
 *
 * @param known every certificate of the connection
 * @param before fingerprints in the metadata in use, none at the first time
 * @param after fingerprints in the metadata to use
 */
export function planCertificates(
  known: readonly CertificateFact[],
  before: readonly string[],
  after: readonly string[],
): CertificateMove[] {
  const stateOf = new Map(known.map(({ fingerprint, state }) => [fingerprint, state]));
  const gone = new Set(before.filter((fingerprint) => !after.includes(fingerprint)));
  const retired = known.filter(({ fingerprint, state }) => gone.has(fingerprint) && state !== 'retired');
  const stillSigns = known.some(({ fingerprint, state }) => state === 'active' && !gone.has(fingerprint));
  const to: CertificateState = stillSigns ? 'next' : 'active';
  const added = after.filter((fingerprint) => {
    const state = stateOf.get(fingerprint);
    // What was retired while the metadata went on naming it was retired by hand.
    if (state === 'retired') return !before.includes(fingerprint);
    return state === undefined || (state === 'next' && !stillSigns);
  });
  return [
    ...retired.map(({ fingerprint }) => ({ fingerprint, to: 'retired' as const })),
    ...added.map((fingerprint) => ({ fingerprint, to })),
  ];
}
