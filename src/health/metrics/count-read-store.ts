import { exchangeKinds, type Grain, type SliceFilter, type SliceName } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, Sql, sql } from '../../platform/sql/sql.ts';
import { identifier, joined, sums } from '../rollups/count-store.ts';
import type { SketchBucket } from '../rollups/sketch.ts';
import { bucketRow, countRow, type SliceCounts, type SliceValues, sliceColumns } from './count-rows.ts';
import type { Reading } from './reading.ts';
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
  const parts = partsOf(reading, countTables, ofTenant(tx, filter));
  if (parts.length === 0) return [];
  const series =
    reading.periods === undefined ? sql`tenant_id, series_id` : sql`tenant_id, series_id, period`;
  // Summed by series first: read stretch by stretch, as rows lie on disk, and not series by series.
  const totals = joined([
    ...sums.map((column) => sql`sum(${column}) as ${column}`),
    sql`max(last_success) as last_success`,
  ]);
  return tx.many(
    sql`select ${joined([...columnsOf(groupBy), totals])}
      from (select ${series}, ${totals} from (${union(parts)}) c group by ${series}) c
      join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${grouping(columnsOf(groupBy))} having count(*) > 0`,
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
    sql`select ${joined([...columnsOf(groupBy), sql`bucket`])}, sum(count) as count
      from (${union(parts)}) c join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${grouping([...columnsOf(groupBy), sql`bucket`])}`,
    bucketRow,
  );
}

/** Rows of counts with the period they are of: those of everybody without one, and those of tenants with a calendar. */
function partsOf(
  { segments, periods }: Reading,
  tables: Readonly<Partial<Record<Grain, Sql>>>,
  ofTenants: Sql,
): Sql[] {
  const isLeft = periods === undefined ? sql`true` : sql`c.tenant_id <> all (${periods.tenants}::uuid[])`;
  const columns = periods === undefined ? sql`c.*` : sql`c.*, null as period`;
  const ofEverybody = segments.flatMap(({ grain, from, to }) => {
    const table = tables[grain];
    if (table === undefined) return [];
    return [
      sql`select ${columns} from ${table} c
        where at >= ${new Date(from)} and at < ${new Date(to)} and ${ofTenants} and ${isLeft}`,
    ];
  });
  const byGrain = Map.groupBy(periods?.segments ?? [], ({ grain }) => grain);
  const ofPeriods = [...byGrain].flatMap(([grain, own]) => {
    const table = tables[grain];
    if (table === undefined) return [];
    // Said once more for all of them, so that partitions are left out.
    const [from, to] = [Math.min(...own.map((each) => each.from)), Math.max(...own.map((each) => each.to))];
    return [
      sql`select c.*, p.period from ${table} c join ${stretchesOf(own)}
          on p.tenant_id = c.tenant_id and c.at >= p."from" and c.at < p."to"
        where at >= ${new Date(from)} and at < ${new Date(to)} and ${ofTenants}`,
    ];
  });
  return [...ofEverybody, ...ofPeriods];
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

function grouping(columns: readonly Sql[]): Sql {
  return columns.length === 0 ? new Sql([''], []) : sql`group by ${joined(columns)}`;
}

function union(parts: readonly Sql[]): Sql {
  return parts.reduce((all, part) => sql`${all} union all ${part}`);
}
