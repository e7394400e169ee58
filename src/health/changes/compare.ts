import { rateOf } from '../metrics/rate.ts';
import type { Counts } from '../slo/burn.ts';

export interface Comparison {
  before: Counts;
  after: Counts;
  /** After less before; undefined where one of them has no traffic. */
  difference: number | undefined;
  /** Interval of the difference at 95 % (Newcombe, hybrid score). */
  low: number;
  high: number;
  verdict: 'worse' | 'better' | 'unclear';
}

/** Failure rates before and after a change. Where the interval holds zero, nothing is said. */
export function compareRates(before: Counts, after: Counts): Comparison {
  const [was, is] = [rateOf(before.failed, before.valid), rateOf(after.failed, after.valid)];
  if (was.share === null || is.share === null) {
    return { before, after, difference: undefined, low: -1, high: 1, verdict: 'unclear' };
  }
  const [p, q] = [was.share, is.share];
  const ends = {
    was: { low: was.low ?? 0, high: was.high ?? 1 },
    is: { low: is.low ?? 0, high: is.high ?? 1 },
  };
  const low = q - p - Math.hypot(q - ends.is.low, ends.was.high - p);
  const high = q - p + Math.hypot(ends.is.high - q, p - ends.was.low);
  const verdict = low > 0 ? 'worse' : high < 0 ? 'better' : 'unclear';
  return { before, after, difference: q - p, low, high, verdict };
}

/** Whether what follows a change surely burns its budget, and surely faster than before it. */
export function isSignificantBurn(comparison: Comparison, target: number): boolean {
  const { after, verdict } = comparison;
  return verdict === 'worse' && (rateOf(after.failed, after.valid).low ?? 0) > 1 - target;
}
