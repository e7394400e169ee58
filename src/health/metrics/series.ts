import type { HealthNumbers, SliceFilter, TimeRange } from '../../../contracts/health.ts';
import { listPending } from '../rollups/mark-store.ts';
import { type HealthScope, readIn, widen } from './health-report.ts';
import { noCounts, numbersOf } from './numbers.ts';
import { planSegments } from './segments.ts';
import { readPlacedCounts } from './series-store.ts';

/**
 * The numbers of several ranges, such as the days of a month, in one look.
 *
 * @param ranges made as wide as whole five minutes
 * @returns as many numbers, in the same order
 */
export async function readSeries(
  scope: HealthScope,
  ranges: readonly TimeRange[],
  filter: Omit<SliceFilter, 'period'>,
): Promise<HealthNumbers[]> {
  const wide = ranges.map(widen);
  const [from, to] = [wide.map((each) => +each.from), wide.map((each) => +each.to)];
  if (wide.length === 0) return [];
  const whole = { from: new Date(Math.min(...from)), to: new Date(Math.max(...to)) };
  const pending = await scope.db.withRollup((tx) => listPending(tx, whole));
  const segments = wide.flatMap((range, place) =>
    planSegments(+range.from, +range.to, pending).map((segment) => ({ ...segment, place })),
  );
  const counted = await readIn(scope, (tx) => readPlacedCounts(tx, segments, filter));
  const countsOf = new Map(counted.map(({ place, counts }) => [place, counts]));
  return wide.map((_, place) => numbersOf(countsOf.get(place) ?? noCounts));
}
