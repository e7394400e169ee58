import { type Outcome, type OutcomeMeaning, outcomeMeanings, outcomes } from '../../contracts/health.ts';

export { type Outcome, outcomeMeanings, outcomes } from '../../contracts/health.ts';

export type OutcomeCounts = Partial<Readonly<Record<Outcome, number>>>;

/**
 * Failed exchanges over counted ones.
 *
 * @returns undefined when none is counted: no traffic is not a rate of zero
 */
export function failureRate(counts: OutcomeCounts): number | undefined {
  const counted = countWhere(counts, ({ counted }) => counted);
  return counted === 0 ? undefined : countWhere(counts, ({ failure }) => failure) / counted;
}

/** People's errors over all that ended. */
export function userErrorRate(counts: OutcomeCounts): number | undefined {
  const ended = countWhere(counts, () => true);
  return ended === 0 ? undefined : (counts.user_error ?? 0) / ended;
}

/** How many ended with an outcome of a certain meaning. */
export function countWhere(counts: OutcomeCounts, includes: (meaning: OutcomeMeaning) => boolean): number {
  return outcomes.reduce(
    (sum, outcome) => (includes(outcomeMeanings[outcome]) ? sum + (counts[outcome] ?? 0) : sum),
    0,
  );
}
