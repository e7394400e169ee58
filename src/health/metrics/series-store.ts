import { z } from 'zod';
import type { ExchangeCounts, Grain, SliceFilter } from '../../../contracts/health.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { joined, sums } from '../rollups/count-store.ts';
import { conditionOf, countTables, type HealthTx, ofTenant } from './count-read-store.ts';
import { countFields, countsOf } from './count-rows.ts';
import type { Segment } from './segments.ts';

/** A stretch of counts that belongs to one of several ranges. */
export interface SeriesSegment extends Segment {
  /** Which of the ranges. */
  readonly place: number;
}

const placedRow = countFields
  .extend({ place: z.number() })
  .transform((row) => ({ place: row.place, counts: countsOf(row) }));

/** What was counted in each of several ranges, in one look; one without an exchange is not there. */
export async function readPlacedCounts(
  tx: HealthTx,
  segments: readonly SeriesSegment[],
  filter: Omit<SliceFilter, 'period'>,
): Promise<{ place: number; counts: ExchangeCounts }[]> {
  if (segments.length === 0) return [];
  const parts = [...Map.groupBy(segments, ({ grain }) => grain)].map(([grain, own]) =>
    partOf(tx, grain, own, filter),
  );
  const totals = joined([
    ...sums.map((column) => sql`sum(${column}) as ${column}`),
    sql`max(last_success) as last_success`,
  ]);
  return tx.many(
    sql`select place, ${totals} from (${parts.reduce((all, part) => sql`${all} union all ${part}`)}) c
        join exchange_series s using (tenant_id, series_id)
      where ${conditionOf(tx, filter)} group by place`,
    placedRow,
  );
}

function partOf(tx: HealthTx, grain: Grain, own: readonly SeriesSegment[], filter: SliceFilter) {
  const rows = own.map(({ place, from, to }) => ({ place, from: new Date(from), to: new Date(to) }));
  const [from, to] = [Math.min(...own.map((each) => each.from)), Math.max(...own.map((each) => each.to))];
  return sql`select c.*, p.place from ${countTables[grain]} c
      join jsonb_to_recordset(${json(rows)}::jsonb) as p(place integer, "from" timestamptz, "to" timestamptz)
        on c.at >= p."from" and c.at < p."to"
    where c.at >= ${new Date(from)} and c.at < ${new Date(to)} and ${ofTenant(tx, filter)}`;
}
