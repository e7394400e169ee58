import type { CalendarPeriod } from '../../../contracts/calendars.ts';
import { type Grain, grainMs, type TimeRange } from '../../../contracts/health.ts';
import type { Slicing } from './count-read-store.ts';
import { type Pending, planSegments, type Segment } from './segments.ts';
import type { TenantPeriods, TenantStretch } from './tenant-periods.ts';

/** A stretch of the counts of one tenant, which lies in one period. */
export type PeriodSegment = Segment & TenantStretch;

/** Which counts are read. */
export interface Reading {
  /** Of everybody; where periods are told apart, of those in whose calendar none is. */
  readonly segments: readonly Segment[];
  /** Undefined: periods do not matter. */
  readonly periods?: {
    readonly tenants: readonly string[];
    readonly segments: readonly PeriodSegment[];
  };
}

/** Whether the parts of the school year have to be known for it. */
export function tellsPeriods({ filter, groupBy }: Slicing): boolean {
  return filter.period !== undefined || groupBy.includes('period');
}

/**
 * Which counts a range is read from (`planSegments`), for each tenant cut where its periods change. An hour that is counted
 * as a whole is of the period in which it begins.
 */
export function planReading(
  { from, to }: TimeRange,
  pending: Pending,
  asked: { finest: Grain; periods: TenantPeriods | undefined; period: CalendarPeriod | null | undefined },
): Reading {
  const { finest, periods, period } = asked;
  const segments = planSegments(from.getTime(), to.getTime(), pending, finest);
  if (periods === undefined) return { segments };
  const whole = (at: number) => Math.ceil(at / grainMs[finest]) * grainMs[finest];
  const own = periods.stretches
    .filter((stretch) => period === undefined || stretch.period === period)
    .flatMap((stretch) =>
      planSegments(whole(stretch.from), whole(stretch.to), pending, finest).map((segment) => ({
        ...stretch,
        ...segment,
      })),
    );
  const isOthersToo = period === undefined || period === null;
  return { segments: isOthersToo ? segments : [], periods: { tenants: periods.tenants, segments: own } };
}
