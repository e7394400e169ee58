import type { ExchangeCounts, Rate, SliceFilter, TimeRange } from '../../../contracts/health.ts';
import { onTimeMs } from '../rollups/sketch.ts';
import { type HealthScope, readIn, readSliceCounts } from './health-report.ts';
import { noCounts, validOf } from './numbers.ts';
import { listPendingDeliveries, type PendingDeliveries } from './pending-store.ts';
import { rateOf } from './rate.ts';
import { isIn, readPeriods } from './tenant-periods.ts';

/** How well scores come through. */
export interface GradeDelivery {
  /** Delivered within 15 minutes, of those that ended and of those that wait past that time. */
  readonly onTime: Rate;
  readonly pending: number;
  /** Waiting for longer than 15 minutes. */
  readonly late: number;
  /** How long the oldest has waited, in milliseconds; null where none waits. */
  readonly oldestMs: number | null;
  /** By connection, the longest wait first. */
  readonly waiting: readonly PendingDeliveries[];
}

/** Scores that ended in a range, and those that wait now, where the range goes on until now. */
export async function readGradeDelivery(
  scope: HealthScope,
  range: TimeRange,
  filter: Omit<SliceFilter, 'kind'>,
  now: number,
): Promise<GradeDelivery> {
  const slicing = { filter: { ...filter, kind: 'grade_delivery' }, groupBy: [] } as const;
  const [found] = await readSliceCounts(scope, range, slicing);
  const waiting = await readWaiting(scope, filter, now);
  return gradeDeliveryOf(found?.counts ?? noCounts, waiting, {
    now,
    countsWaiting: range.to.getTime() >= now,
  });
}

/** Scores that wait now; where a period is asked for, at tenants that are in it now. @param now unix milliseconds */
export function readWaiting(
  scope: HealthScope,
  filter: SliceFilter,
  now: number,
): Promise<PendingDeliveries[]> {
  const { period } = filter;
  return readIn(scope, async (tx) => {
    const waiting = await listPendingDeliveries(tx, filter, new Date(now - onTimeMs));
    if (period === undefined) return waiting;
    const periods = await readPeriods(tx, { from: new Date(now), to: new Date(now + 1) }, filter);
    return waiting.filter(({ tenantId }) => isIn(periods, period, tenantId, now));
  });
}

/** The numbers of scores that ended and of those that wait. A score that waits past its time is bad already. */
export function gradeDeliveryOf(
  counts: ExchangeCounts,
  waiting: readonly PendingDeliveries[],
  { now, countsWaiting }: { now: number; countsWaiting: boolean },
): GradeDelivery {
  const late = waiting.reduce((sum, each) => sum + each.late, 0);
  const oldest = waiting.map((each) => each.oldest.getTime()).toSorted((a, b) => a - b)[0];
  return {
    onTime: rateOf(counts.onTime, validOf(counts) + (countsWaiting ? late : 0)),
    pending: waiting.reduce((sum, each) => sum + each.pending, 0),
    late,
    oldestMs: oldest === undefined ? null : now - oldest,
    waiting,
  };
}
