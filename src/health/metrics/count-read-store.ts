import { exchangeKinds, type Grain, type SliceFilter, type SliceName } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { Sql, sql } from '../../platform/sql/sql.ts';
import { identifier, joined, sums } from '../rollups/count-store.ts';
import type { SketchBucket } from '../rollups/sketch.ts';
import { bucketRow, countRow, type SliceCounts, type SliceValues, sliceColumns } from './count-rows.ts';
import type { Segment } from './segments.ts';

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

/** What was counted in the segments, group by group; a group without an exchange is not there. */
export async function readCounts(
  tx: HealthTx,
  segments: readonly Segment[],
  { filter, groupBy }: Slicing,
): Promise<SliceCounts[]> {
  if (segments.length === 0) return [];
  const parts = segments.map(
    ({ grain, from, to }) =>
      sql`select * from ${countTables[grain]} c where at >= ${new Date(from)} and at < ${new Date(to)} and ${ofTenant(tx, filter)}`,
  );
  // Summed by series first: read stretch by stretch, as rows lie on disk, and not series by series.
  const totals = joined([
    ...sums.map((column) => sql`sum(${column}) as ${column}`),
    sql`max(last_success) as last_success`,
  ]);
  return tx.many(
    sql`select ${joined([...columnsOf(groupBy), totals])}
      from (select tenant_id, series_id, ${totals} from (${union(parts)}) c group by tenant_id, series_id) c
      join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${grouping(columnsOf(groupBy))} having count(*) > 0`,
    countRow,
  );
}

/** A bucket of the sketch of a group. */
export interface SliceBucket extends SketchBucket {
  readonly slice: SliceValues;
}

/** How long the successes of the segments took, group by group. Segments are of hours and days. */
export async function readBuckets(
  tx: HealthTx,
  segments: readonly Segment[],
  { filter, groupBy }: Slicing,
): Promise<SliceBucket[]> {
  const parts = segments.flatMap(({ grain, from, to }) =>
    grain === '5m'
      ? []
      : [
          sql`select * from ${sketches[grain]} c where at >= ${new Date(from)} and at < ${new Date(to)}
            and ${ofTenant(tx, filter)}`,
        ],
  );
  if (parts.length === 0) return [];
  return tx.many(
    sql`select ${joined([...columnsOf(groupBy), sql`bucket`])}, sum(count) as count
      from (${union(parts)}) c join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} ${grouping([...columnsOf(groupBy), sql`bucket`])}`,
    bucketRow,
  );
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
  return groupBy.map((slice) => sql`s.${identifier(sliceColumns[slice])}`);
}

function grouping(columns: readonly Sql[]): Sql {
  return columns.length === 0 ? new Sql([''], []) : sql`group by ${joined(columns)}`;
}

function union(parts: readonly Sql[]): Sql {
  return parts.reduce((all, part) => sql`${all} union all ${part}`);
}
