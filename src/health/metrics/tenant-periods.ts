import type { CalendarPeriod } from '../../../contracts/calendars.ts';
import type { SliceFilter, TimeRange } from '../../../contracts/health.ts';
import { listTermCalendars } from '../calendars/calendar-store.ts';
import { planStretches, rememberClocks } from '../calendars/stretches.ts';
import { type HealthTx, tenantOf } from './count-read-store.ts';

/** Time in which a tenant is in a part of its year; unix milliseconds. */
export interface TenantStretch {
  readonly tenantId: string;
  readonly period: CalendarPeriod;
  readonly from: number;
  readonly to: number;
}

/** In which part of its own year each tenant is, and when. */
export interface TenantPeriods {
  /** Those whose calendar names a term; of all others nobody knows. */
  readonly tenants: readonly string[];
  readonly stretches: readonly TenantStretch[];
}

/** The periods of the tenants that a filter leaves, over a range, as their calendars are now. */
export async function readPeriods(
  tx: HealthTx,
  { from, to }: TimeRange,
  filter: SliceFilter,
): Promise<TenantPeriods> {
  const calendars = await listTermCalendars(tx, { from, tenantId: tenantOf(tx, filter) });
  const range = { from: from.getTime(), to: to.getTime() };
  const clocksOf = rememberClocks();
  return {
    tenants: calendars.map(({ tenantId }) => tenantId),
    stretches: calendars.flatMap(({ tenantId, ...calendar }) =>
      planStretches(calendar, range, clocksOf(calendar.zone)).map((stretch) => ({ tenantId, ...stretch })),
    ),
  };
}

/** Whether a tenant is in a period at a moment; null: nobody knows in which it is. @param at unix milliseconds */
export function isIn(
  { tenants, stretches }: TenantPeriods,
  period: CalendarPeriod | null,
  tenantId: string,
  at: number,
): boolean {
  if (period === null) return !tenants.includes(tenantId);
  return stretches.some(
    (each) => each.tenantId === tenantId && each.period === period && each.from <= at && at < each.to,
  );
}
