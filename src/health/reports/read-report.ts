import type { HealthNumbers, Rate, SliceFilter, SliceName, TimeRange } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { listTenants } from '../../tenants/tenants.ts';
import { findZone } from '../calendars/calendar-store.ts';
import { readGradeDelivery } from '../metrics/grade-delivery.ts';
import { type HealthScope, readNumbers } from '../metrics/health-report.ts';
import { noCounts, numbersOf } from '../metrics/numbers.ts';
import { readSeries } from '../metrics/series.ts';
import type { LeadTimes } from '../onboarding/lead-time.ts';
import { readLeadTimes } from '../onboarding/onboardings.ts';
import { before, daysOfMonth, rangeOfMonth } from './month.ts';
import { type PastIncident, readPastIncidents } from './past-incidents.ts';

/** Whose report: all of the hub's, or one tenant's through its own role; where a partner is named, what goes over it. */
export interface ReportScope extends HealthScope {
  readonly db: Pick<Database, 'withRollup' | 'withTenant' | 'directory'>;
  readonly partner?: string;
}

/** A line of a table: what it is about, undefined for exchanges that have none, and its numbers. */
export interface ReportLine {
  readonly name: string | undefined;
  readonly numbers: HealthNumbers;
}

/** Everything a month's report says. */
export interface Report {
  readonly month: string;
  readonly range: TimeRange;
  readonly zone: string;
  readonly partner: string | undefined;
  readonly now: HealthNumbers;
  readonly before: HealthNumbers;
  /** Grades within 15 minutes, this month and the one before. */
  readonly onTime: { readonly now: Rate; readonly before: Rate };
  readonly days: readonly (ReportLine & { readonly name: string })[];
  readonly partners: readonly ReportLine[];
  /** Empty in a tenant's own. */
  readonly institutions: readonly ReportLine[];
  readonly kinds: readonly ReportLine[];
  readonly periods: readonly ReportLine[];
  readonly incidents: readonly PastIncident[];
  /** Of the hub as a whole only. */
  readonly leadTimes: LeadTimes | undefined;
}

/** By whose clocks a scope lives: the school's own where it has said which. */
export async function zoneOf({ db, tenantId }: ReportScope): Promise<string> {
  return (tenantId === undefined ? undefined : await db.withTenant(tenantId, (tx) => findZone(tx))) ?? 'UTC';
}

/**
 * Reads the report of a month, from roll-ups.
 *
 * @param now unix milliseconds
 * @throws DomainError input `month_invalid`
 */
export async function readReport(scope: ReportScope, month: string, now: number): Promise<Report> {
  const zone = await zoneOf(scope);
  const range = rangeOfMonth(month, zone);
  const previous = rangeOfMonth(before(month), zone);
  const { db, tenantId, partner } = scope;
  const filter: SliceFilter = partner === undefined ? {} : { partner };
  const read = (within: TimeRange, groupBy: readonly SliceName[]) =>
    readNumbers(scope, within, { filter, groupBy });
  const total = async (within: TimeRange) => (await read(within, []))[0]?.numbers ?? numbersOf(noCounts);
  const onTime = async (within: TimeRange) => (await readGradeDelivery(scope, within, filter, now)).onTime;
  const lines = async (slice: SliceName, nameOf: (value: string) => string = (value) => value) =>
    (await read(range, [slice]))
      .map(({ slice: values, numbers }): ReportLine => {
        const value = Object.values(values)[0];
        return { name: typeof value === 'string' ? nameOf(value) : undefined, numbers };
      })
      .toSorted((a, b) => b.numbers.ended - a.numbers.ended);
  // One after the other: a report takes one connection, and leaves the others to those who launch.
  const dates = daysOfMonth(month, zone);
  const daily = await readSeries(scope, dates, filter);
  const days = daily.map((numbers, index) => ({ name: dates[index]?.date ?? '', numbers }));
  const isWhole = tenantId === undefined && partner === undefined;
  return {
    ...{ month, range, zone, partner, days },
    now: await total(range),
    before: await total(previous),
    onTime: { now: await onTime(range), before: await onTime(previous) },
    partners: partner === undefined ? await lines('partner') : [],
    institutions: tenantId === undefined ? await lines('tenant', await namesOf(db)) : [],
    kinds: await lines('kind'),
    periods: await lines('period'),
    incidents: await readPastIncidents(scope, range),
    leadTimes: isWhole ? await readLeadTimes(db, now) : undefined,
  };
}

async function namesOf(db: Pick<Database, 'directory'>): Promise<(tenantId: string) => string> {
  const names = new Map(
    (await listTenants(db.directory)).map(({ tenantId, name }) => [tenantId as string, name]),
  );
  return (tenantId) => (tenantId === HUB_TENANT ? 'Gatehouse' : (names.get(tenantId) ?? tenantId));
}
