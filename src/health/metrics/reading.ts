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

/** Longer times are read by whole days, so that the hours of all schools are not gone through for the ends of their periods. */
const byDaysMs = 92 * grainMs['1d'];

/**
 * Tenants' stretches as they are told apart over a range: by what is counted as a whole, which is of the period in which it
 * begins; where the range is longer than 92 days, by days (UTC), of which each is of the period in which its noon lies.
 *
 * @param range whole five minutes, or whole hours if that is the finest
 */
export function roundStretches(
  stretches: readonly TenantStretch[],
  { from, to }: TimeRange,
  finest: Grain,
): TenantStretch[] {
  const [first, end, day] = [from.getTime(), to.getTime(), grainMs['1d']];
  const isByDays = end - first > byDaysMs;
  const round = (at: number) => {
    if (!isByDays || at <= first || at >= end) return Math.ceil(at / grainMs[finest]) * grainMs[finest];
    return Math.min(Math.max(Math.ceil(at / day - 0.5) * day, first), end);
  };
  return stretches.map((stretch) => ({ ...stretch, from: round(stretch.from), to: round(stretch.to) }));
}

/** Which counts a range is read from (`planSegments`), for each tenant cut where its periods change (`roundStretches`). */
export function planReading(
  range: TimeRange,
  pending: Pending,
  asked: { finest: Grain; periods: TenantPeriods | undefined; period: CalendarPeriod | null | undefined },
): Reading {
  const { finest, periods, period } = asked;
  const segments = planSegments(range.from.getTime(), range.to.getTime(), pending, finest);
  if (periods === undefined) return { segments };
  const wanted = periods.stretches.filter((stretch) => period === undefined || stretch.period === period);
  const own = roundStretches(wanted, range, finest).flatMap((stretch) =>
    planSegments(stretch.from, stretch.to, pending, finest).map((segment) => ({ ...stretch, ...segment })),
  );
  const isOthersToo = period === undefined || period === null;
  return { segments: isOthersToo ? segments : [], periods: { tenants: periods.tenants, segments: own } };
}

/** When another part of the year begins for a tenant, in order; null: what begins is not to be read. Unix milliseconds. */
export interface TenantTurns {
  readonly tenantId: string;
  readonly begins: readonly number[];
  readonly periods: readonly (CalendarPeriod | null)[];
}

/** Segments of tenants, of which none overlap, as the moments at which something else begins. */
export function planTurns(segments: readonly PeriodSegment[]): TenantTurns[] {
  const byTenant = Map.groupBy(segments, ({ tenantId }) => tenantId);
  return [...byTenant].map(([tenantId, own]) => {
    const turns = own
      .toSorted((a, b) => a.from - b.from)
      .flatMap(({ period, from, to }, at, all) => [
        { period, from },
        ...(all[at + 1]?.from === to ? [] : [{ period: null, from: to }]),
      ]);
    return { tenantId, begins: turns.map(({ from }) => from), periods: turns.map(({ period }) => period) };
  });
}
