/** How an exchange ended; set once, at its end. */
export const outcomes = [
  'success',
  'failed_partner',
  'failed_hub',
  'failed_config',
  'user_error',
  'suppressed',
  'expired_unknown',
] as const;
export type Outcome = (typeof outcomes)[number];

interface OutcomeMeaning {
  /** Whether it stands in the denominator of rates. */
  readonly counted: boolean;
  readonly failure: boolean;
  /** Who has to act; nobody after a success and on purpose. */
  readonly blame: 'partner' | 'hub' | 'configuration' | 'person' | 'unknown' | 'nobody';
}

/** What every outcome means for the numbers. Each rate is defined by this table alone. */
export const outcomeMeanings: Readonly<Record<Outcome, OutcomeMeaning>> = {
  success: { counted: true, failure: false, blame: 'nobody' },
  // Time-out, TLS, 5xx, 429 to the end, malformed answer.
  failed_partner: { counted: true, failure: true, blame: 'partner' },
  failed_hub: { counted: true, failure: true, blame: 'hub' },
  // Expired certificate or secret, unknown deployment.
  failed_config: { counted: true, failure: true, blame: 'configuration' },
  // Cancelled, not enrolled: tracked by a rate of its own, since a jump usually means a misjudged configuration.
  user_error: { counted: false, failure: false, blame: 'person' },
  // Paused, blackout, dry run.
  suppressed: { counted: false, failure: false, blame: 'nobody' },
  // A deadline passed without an answer.
  expired_unknown: { counted: true, failure: true, blame: 'unknown' },
};

export type OutcomeCounts = Partial<Readonly<Record<Outcome, number>>>;

/**
 * Failed exchanges over counted ones.
 *
 * @returns undefined when none is counted: no traffic is not a rate of zero
 */
export function failureRate(counts: OutcomeCounts): number | undefined {
  const counted = total(counts, ({ counted }) => counted);
  return counted === 0 ? undefined : total(counts, ({ failure }) => failure) / counted;
}

/** People's errors over all that ended. */
export function userErrorRate(counts: OutcomeCounts): number | undefined {
  const ended = total(counts, () => true);
  return ended === 0 ? undefined : (counts.user_error ?? 0) / ended;
}

function total(counts: OutcomeCounts, includes: (meaning: OutcomeMeaning) => boolean): number {
  return outcomes.reduce(
    (sum, outcome) => (includes(outcomeMeanings[outcome]) ? sum + (counts[outcome] ?? 0) : sum),
    0,
  );
}
