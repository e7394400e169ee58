import { type CalendarPeriod, calendarPeriods } from '../../../contracts/calendars.ts';
import {
  exchangeKinds,
  type Grain,
  grainMs,
  type SliceFilter,
  type SliceName,
} from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, Sql, sql } from '../../platform/sql/sql.ts';
import { identifier, joined, sums } from '../rollups/count-store.ts';
import type { SketchBucket } from '../rollups/sketch.ts';
import { bucketRow, countRow, type SliceCounts, type SliceValues, sliceColumns } from './count-rows.ts';
import { type PeriodSegment, planTurns, type Reading } from './reading.ts';
import { cutTime, mergeTimes, type Segment, type TimeSpan } from './segments.ts';
import type { TenantPeriods, TenantStretch } from './tenant-periods.ts';

/** A tenant's own numbers, or those of the whole hub. */
export type HealthTx = RollupTx | TenantTx;

/** Whose exchanges, and by what they are counted apart; by nothing: all together. */
export interface Slicing {
  readonly filter: SliceFilter;
  readonly groupBy: readonly SliceName[];
}

/** The table of the counts of each grain. */
export const countTables: Readonly<Record<Grain, Sql>> = {
  '5m': sql`exchange_5m`,
  '1h': sql`exchange_1h`,
  '1d': sql`exchange_1d`,
};
const sketches = { '1h': sql`exchange_sketch_1h`, '1d': sql`exchange_sketch_1d` };

/** What was counted in what is to be read, group by group; a group without an exchange is not there. */
export async function readCounts(
  tx: HealthTx,
  reading: Reading,
  { filter, groupBy }: Slicing,
): Promise<SliceCounts[]> {
  const key = joined([sql`tenant_id, series_id`, ...(reading.periods === undefined ? [] : [sql`period`])]);
  const totals = joined([
    ...sums.map((column) => sql`sum(${column}) as ${column}`),
    sql`max(last_success) as last_success`,
  ]);
  // Summed by series where they are read: as rows lie on disk, and not series by series; then sums alone are joined.
  const parts = partsOf(reading, countTables, ofTenant(tx, filter)).map(
    (part) => sql`select ${key}, ${totals} from (${part}) c group by ${key}`,
  );
  if (parts.length === 0) return [];
  // Nothing is known of how many periods there are, so that sorting all rows would be taken for cheaper than a table of sums.
  if (reading.periods !== undefined) await tx.exec(sql`select set_config('enable_sort', 'off', true)`);
  return tx.many(
    sql`select ${joined([...shownColumns(groupBy), totals])}
      from (${union(parts)}) c join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${asked(reading)} ${grouping(columnsOf(groupBy))} having count(*) > 0`,
    countRow,
  );
}

/** A bucket of the sketch of a group. */
export interface SliceBucket extends SketchBucket {
  readonly slice: SliceValues;
}

/** How long the successes of what is to be read took, group by group: of hours and days. */
export async function readBuckets(
  tx: HealthTx,
  reading: Reading,
  { filter, groupBy }: Slicing,
): Promise<SliceBucket[]> {
  const parts = partsOf(reading, sketches, ofTenant(tx, filter));
  if (parts.length === 0) return [];
  return tx.many(
    sql`select ${joined([...shownColumns(groupBy), sql`bucket`])}, sum(count) as count
      from (${union(parts)}) c join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${asked(reading)} ${grouping([...columnsOf(groupBy), sql`bucket`])}`,
    bucketRow,
  );
}

/** Rows of counts with the period they are of: those of everybody without one, and those of tenants with a calendar. */
function partsOf(
  { segments, periods }: Reading,
  tables: Readonly<Partial<Record<Grain, Sql>>>,
  ofTenants: Sql,
): Sql[] {
  if (periods === undefined) {
    return segments.flatMap(({ grain, from, to }) => {
      const table = tables[grain];
      if (table === undefined) return [];
      return [
        sql`select c.* from ${table} c where at >= ${new Date(from)} and at < ${new Date(to)} and ${ofTenants}`,
      ];
    });
  }
  return (['1d', '1h', '5m'] as const).flatMap((grain) => {
    const table = tables[grain];
    const isOf = (segment: Segment) => segment.grain === grain;
    const [others, own] = [segments.filter(isOf), periods.segments.filter(isOf)];
    if (table === undefined || others.length + own.length === 0) return [];
    const time = mergeTimes([...others, ...own]);
    // The hours at the ends of many periods are few of all the hours between them; days, and the ends of a range, are most.
    if (grain === '1d' || time.length <= mostTimes) {
      const pieces = time.flatMap((span) => cutTime(span, pieceMs));
      return pieces.map((piece) => {
        const touches = (each: TimeSpan) => each.from < piece.to && piece.from < each.to;
        const asked = { piece, others: others.filter(touches), own: own.filter(touches) };
        return scanned(table, { ...asked, tenants: periods.tenants }, ofTenants);
      });
    }
    const ofOthers = others.map(
      (segment) => sql`select c.*, null::smallint as period from ${table} c
        where ${isAt([segment])} and ${ofTenants} and c.tenant_id <> all (${periods.tenants}::uuid[])`,
    );
    return own.length === 0 ? ofOthers : [...ofOthers, lookedUp(table, own, ofTenants)];
  });
}

/** So many stretches of time are named one by one. */
const mostTimes = 4;
/** A year is summed by the processors there are, each some months of it. */
const pieceMs = 124 * grainMs['1d'];

interface Piece {
  piece: TimeSpan;
  others: readonly TimeSpan[];
  own: readonly PeriodSegment[];
  tenants: readonly string[];
}

/** Counts of a time that are read once as they lie on disk, of everybody: the period of each is looked up by its beginning. */
function scanned(table: Sql, { piece, others, own, tenants }: Piece, ofTenants: Sql): Sql {
  const turns = new Map(planTurns(own).map((each) => [each.tenantId, each]));
  const rows = tenants.map((tenantId) => ({
    tenant_id: tenantId,
    begins: (turns.get(tenantId)?.begins ?? []).map((at) => new Date(at)),
    periods: (turns.get(tenantId)?.periods ?? []).map(numberOf),
  }));
  return sql`select c.*, case when p.tenant_id is not null then coalesce(p.periods[width_bucket(c.at, p.begins)], ${unread}::smallint)
      when ${isAt(others)} then null else ${unread}::smallint end as period
    from ${table} c left join jsonb_to_recordset(${json(rows)}::jsonb)
      as p(tenant_id uuid, begins timestamptz[], periods smallint[]) on p.tenant_id = c.tenant_id
    where ${isAt([piece])} and ${ofTenants}`;
}

function isAt(times: readonly TimeSpan[]): Sql {
  const each = times.map(({ from, to }) => sql`(c.at >= ${new Date(from)} and c.at < ${new Date(to)})`);
  return each.length === 0 ? sql`false` : sql`(${each.reduce((all, one) => sql`${all} or ${one}`)})`;
}

/** Said once more for all of them, so that partitions are left out. */
function between(times: readonly TimeSpan[]): Sql {
  const from = times.reduce((least, each) => Math.min(least, each.from), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, each) => Math.max(most, each.to), 0);
  return sql`c.at >= ${new Date(from)} and c.at < ${new Date(to)}`;
}

/** Counts of short pieces of time, such as the hours of a day on which a period ends: each is looked up, and none beside it read. */
function lookedUp(table: Sql, own: readonly PeriodSegment[], ofTenants: Sql): Sql {
  return sql`select c.*, p.period
    from unnest(${own.map(({ tenantId }) => tenantId)}::uuid[], ${own.map(({ period }) => numberOf(period))}::smallint[],
        ${own.map((each) => new Date(each.from))}::timestamptz[], ${own.map((each) => new Date(each.to))}::timestamptz[])
        as p(tenant_id, period, "from", "to")
      join exchange_series s on s.tenant_id = p.tenant_id
      cross join lateral (
        select c.* from ${table} c
        where c.tenant_id = s.tenant_id and c.series_id = s.series_id and c.at >= p."from" and c.at < p."to"
          and ${between(own)} and ${ofTenants}
        -- Kept apart: joined to all of them at once, the whole of the time would be read.
        offset 0) c`;
}

/** What stands in place of a period in rows that are read beside others and not asked for. */
const unread = 0;

/** The place of a period among all of them, from 1: what is compared for every row is kept short. */
function numberOf(period: CalendarPeriod | null): number {
  return period === null ? unread : calendarPeriods.indexOf(period) + 1;
}

/** Leaves out what is not asked for: of sums, so that nothing is decided twice for each row. */
function asked({ periods }: Reading): Sql {
  return periods === undefined ? sql`` : sql`and c.period is distinct from ${unread}`;
}

/** Tenants' own stretches of time, as rows `p`. */
function stretchesOf(stretches: readonly TenantStretch[]): Sql {
  const rows = stretches.map(({ tenantId, period, from, to }) => ({
    ...{ tenant_id: tenantId, period },
    ...{ from: new Date(from), to: new Date(to) },
  }));
  return sql`jsonb_to_recordset(${json(rows)}::jsonb) as p(tenant_id uuid, period text, "from" timestamptz, "to" timestamptz)`;
}

/**
 * Limits rows to the period that is asked for.
 *
 * @param from when what the row tells of begins, and `to` when it is over: it is enough that some of it lies in the period
 */
export function inPeriod(
  { period }: SliceFilter,
  { tenants, stretches }: TenantPeriods,
  { tenant, from, to }: { tenant: Sql; from: Sql; to: Sql },
): Sql {
  if (period === undefined) return sql`true`;
  if (period === null) return sql`${tenant} <> all (${tenants}::uuid[])`;
  const own = stretches.filter((each) => each.period === period);
  return sql`exists (select from ${stretchesOf(own)}
    where p.tenant_id = ${tenant} and ${from} < p."to" and ${to} >= p."from")`;
}

/** The tenant whose rows are asked for: a tenant's handle reaches its own, whatever the filter says. */
export function tenantOf(tx: HealthTx, filter: SliceFilter): string | undefined {
  return tx.scope === 'tenant' ? tx.tenantId : filter.tenantId;
}

/** Limits counts `c` to the tenant whose rows are asked for. */
export function ofTenant(tx: HealthTx, filter: SliceFilter): Sql {
  const tenantId = tenantOf(tx, filter);
  return tenantId === undefined ? sql`true` : sql`c.tenant_id = ${tenantId}::uuid`;
}

/** The filter over the columns of `exchange_series s`. A kind that only a newer version of the hub knows is left to it. */
export function conditionOf(tx: HealthTx, filter: SliceFilter): Sql {
  const { connectionId, partner, kind, tier, connectorVersion } = filter;
  const tenantId = tenantOf(tx, filter);
  return [
    sql`s.kind = any (${exchangeKinds}::text[])`,
    ...(tenantId === undefined ? [] : [sql`s.tenant_id = ${tenantId}::uuid`]),
    ...(connectionId === undefined ? [] : [sql`s.connection_id = ${connectionId ?? HUB_TENANT}::uuid`]),
    ...(partner === undefined ? [] : [sql`s.partner = ${partner ?? ''}`]),
    ...(kind === undefined ? [] : [sql`s.kind = ${kind}`]),
    ...(tier === undefined ? [] : [sql`s.tier = ${tier}`]),
    ...(connectorVersion === undefined ? [] : [sql`s.connector_version = ${connectorVersion ?? ''}`]),
  ].reduce((all, one) => sql`${all} and ${one}`);
}

function columnsOf(groupBy: readonly SliceName[]): Sql[] {
  return groupBy.map((slice) =>
    slice === 'period' ? sql`c.period` : sql`s.${identifier(sliceColumns[slice])}`,
  );
}

/** The same as it is answered: periods by their names. */
function shownColumns(groupBy: readonly SliceName[]): Sql[] {
  const names = sql`(${calendarPeriods}::text[])[c.period] as period`;
  return columnsOf(groupBy).map((column, at) => (groupBy[at] === 'period' ? names : column));
}

function grouping(columns: readonly Sql[]): Sql {
  return columns.length === 0 ? new Sql([''], []) : sql`group by ${joined(columns)}`;
}

function union(parts: readonly Sql[]): Sql {
  return parts.reduce((all, part) => sql`${all} union all ${part}`);
}
