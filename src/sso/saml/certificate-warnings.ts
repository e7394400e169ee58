import type { CertificateState } from './certificate.ts';

/** Days before the end at which people are told. */
export const warningDays = [60, 30, 14, 7, 1] as const;

export interface WatchedCertificate {
  readonly fingerprint: string;
  readonly state: CertificateState;
  readonly validTo: Date;
}

/** A term or another stretch of time in which nobody should have to change a key. */
export interface Term {
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export type CertificateWarning =
  | { readonly kind: 'expires'; readonly fingerprint: string; readonly days: (typeof warningDays)[number] }
  | { readonly kind: 'expired'; readonly fingerprint: string }
  | { readonly kind: 'inside_term'; readonly fingerprint: string; readonly term: string };

const day = 24 * 3_600_000;

/**
 * Which warnings are due: the nearest of 60, 30, 14, 7 and 1 days that was reached, the end itself, and as soon as it
 * is known, an end that falls inside a term. Retired certificates may end as they like. Pure.
 *
 * @param given keys of the warnings that people have had already (see warningKey)
 * @param now Unix milliseconds
 */
export function planCertificateWarnings(
  certificates: readonly WatchedCertificate[],
  terms: readonly Term[],
  given: ReadonlySet<string>,
  now: number,
): CertificateWarning[] {
  return certificates
    .filter(({ state }) => state !== 'retired')
    .flatMap((certificate) => [...byDays(certificate, now), ...byTerm(certificate, terms, now)])
    .filter((warning) => !given.has(warningKey(warning)));
}

/** One warning's name, so that each is given once. */
export function warningKey(warning: CertificateWarning): string {
  const detail =
    warning.kind === 'expires' ? `${warning.days}` : warning.kind === 'inside_term' ? warning.term : '';
  return `${warning.fingerprint}:${warning.kind}:${detail}`;
}

function byDays({ fingerprint, validTo }: WatchedCertificate, now: number): CertificateWarning[] {
  const left = validTo.getTime() - now;
  if (left <= 0) return [{ kind: 'expired', fingerprint }];
  const days = warningDays.findLast((limit) => left <= limit * day);
  return days === undefined ? [] : [{ kind: 'expires', fingerprint, days }];
}

function byTerm(
  { fingerprint, validTo }: WatchedCertificate,
  terms: readonly Term[],
  now: number,
): CertificateWarning[] {
  if (validTo.getTime() <= now) return [];
  return terms
    .filter(({ startsAt, endsAt }) => startsAt <= validTo && validTo <= endsAt)
    .map(({ name }) => ({ kind: 'inside_term', fingerprint, term: name }));
}
