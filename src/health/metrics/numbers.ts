import type { ExchangeCounts, HealthNumbers, Outcome } from '../../../contracts/health.ts';
import { countWhere, outcomes } from '../outcomes.ts';
import { rateOf } from './rate.ts';

/** Counts of nothing. */
export const noCounts: ExchangeCounts = {
  outcomes: fromOutcomes(() => 0),
  attempts: 0,
  failedAttempts: 0,
  firstTry: 0,
  onTime: 0,
  offered: 0,
  rejected: 0,
  lastSuccess: null,
};

/** The counts of two that have no exchange in common. */
export function addCounts(a: ExchangeCounts, b: ExchangeCounts): ExchangeCounts {
  return {
    outcomes: fromOutcomes((outcome) => a.outcomes[outcome] + b.outcomes[outcome]),
    attempts: a.attempts + b.attempts,
    failedAttempts: a.failedAttempts + b.failedAttempts,
    firstTry: a.firstTry + b.firstTry,
    onTime: a.onTime + b.onTime,
    offered: a.offered + b.offered,
    rejected: a.rejected + b.rejected,
    lastSuccess: laterOf(a.lastSuccess, b.lastSuccess),
  };
}

/** A value for each outcome. */
export function fromOutcomes<Value>(of: (outcome: Outcome) => Value): Record<Outcome, Value> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, of(outcome)])) as Record<Outcome, Value>;
}

function laterOf(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** Every number of what was counted. */
export function numbersOf(counts: ExchangeCounts): HealthNumbers {
  const ended = countWhere(counts.outcomes, () => true);
  const valid = validOf(counts);
  return {
    ended,
    outcomes: counts.outcomes,
    failureRate: rateOf(failedOf(counts), valid),
    attemptErrorRate: rateOf(counts.failedAttempts, counts.attempts),
    amplification: ended === 0 ? null : counts.attempts / ended,
    firstTrySuccess: rateOf(counts.firstTry, valid),
    userErrorRate: rateOf(counts.outcomes.user_error, ended),
    recordRejection: rateOf(counts.rejected, counts.offered),
    lastSuccess: counts.lastSuccess,
  };
}

/** Exchanges in the denominator of rates. */
export function validOf({ outcomes: by }: Pick<ExchangeCounts, 'outcomes'>): number {
  return countWhere(by, ({ counted }) => counted);
}

/** Exchanges that failed, whoever is to blame. */
export function failedOf({ outcomes: by }: Pick<ExchangeCounts, 'outcomes'>): number {
  return countWhere(by, ({ failure }) => failure);
}
