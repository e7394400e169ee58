import type { TimeRange } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx } from '../../platform/db.ts';
import { Sql, sql } from '../../platform/sql/sql.ts';
import { outcomes } from '../outcomes.ts';
import { beginningOf } from './mark-store.ts';
import { onTimeMs, sketchBase } from './sketch.ts';

/** Columns of the tables of counts, which are summed. */
export const sums: readonly Sql[] = [
  ...outcomes.map(identifier),
  ...(['attempts', 'failed_attempts', 'first_try', 'on_time', 'offered', 'rejected'] as const).map(
    identifier,
  ),
];

/** Names of columns are constants of the program, never values. */
export function identifier(name: string): Sql {
  return new Sql([name], []);
}

export function joined(pieces: readonly Sql[]): Sql {
  return pieces.reduce((all, piece) => sql`${all}, ${piece}`);
}

/** The columns that are summed. */
export const columns = joined(sums);
const summed = joined(sums.map((column) => sql`sum(${column})`));

/** What exchanges are counted by, nothing standing for "none". */
export const keys = sql`tenant_id, connection_id, partner, kind, tier, connector_version`;

/** Exchanges that ended in a range, with their keys. */
function rawOf({ from, to }: TimeRange): Sql {
  return sql`raw as (
    select tenant_id, coalesce(connection_id, ${HUB_TENANT}::uuid) as connection_id, coalesce(partner, '') as partner, kind, tier,
      coalesce(connector_version, '') as connector_version, outcome, attempts, failed_attempts, offered, rejected, ended_at,
      date_part('epoch', ended_at - started_at) * 1000 as ms
    from exchange where ended_at >= ${from} and ended_at < ${to}
  )`;
}

/** The series of counted rows, those that are new among them. Only whoever holds the lock of `takeMarks` makes series. */
export const series = sql`unknown as (
    select distinct ${keys} from counted except select ${keys} from exchange_series
  ), made as (
    insert into exchange_series (series_id, ${keys})
    select coalesce((select max(series_id) from exchange_series known where known.tenant_id = unknown.tenant_id), 0)
      + row_number() over (partition by tenant_id), ${keys}
    from unknown
    returning series_id, ${keys}
  ), series as (
    select series_id, ${keys} from exchange_series union all select series_id, ${keys} from made
  )`;

/** Counts a range of whole five minutes anew from its exchanges. */
export async function countFiveMinutes(tx: RollupTx, range: TimeRange): Promise<void> {
  const { from, to } = range;
  await tx.exec(sql`delete from exchange_5m where at >= ${from} and at < ${to}`);
  await tx.exec(sql`with ${rawOf(range)}, counted as materialized (
      select ${keys}, ${beginningOf('5m', sql`ended_at`)} as at,
        ${joined(outcomes.map((outcome) => sql`count(*) filter (where outcome = ${outcome}) as ${identifier(outcome)}`))},
        sum(attempts) as attempts, sum(failed_attempts) as failed_attempts,
        count(*) filter (where outcome = 'success' and attempts <= 1) as first_try,
        count(*) filter (where outcome = 'success' and ms <= ${onTimeMs}) as on_time,
        sum(offered) as offered, sum(rejected) as rejected,
        max(ended_at) filter (where outcome = 'success') as last_success
      from raw group by ${keys}, ${beginningOf('5m', sql`ended_at`)}
    ), ${series}
    insert into exchange_5m (tenant_id, series_id, at, ${columns}, last_success)
    select tenant_id, series_id, at, ${columns}, last_success from counted join series using (${keys})`);
}

/** Counts an hour anew: from its five minutes, and how long its successes took from its exchanges. */
export async function countHour(tx: RollupTx, range: TimeRange): Promise<void> {
  const { from, to } = range;
  await tx.exec(sql`delete from exchange_1h where at = ${from}`);
  await tx.exec(sql`insert into exchange_1h (tenant_id, series_id, at, ${columns}, last_success)
    select tenant_id, series_id, ${from}, ${summed}, max(last_success)
    from exchange_5m where at >= ${from} and at < ${to} group by tenant_id, series_id`);
  await tx.exec(sql`delete from exchange_sketch_1h where at = ${from}`);
  // The five minutes have made the series.
  await tx.exec(sql`with ${rawOf(range)}
    insert into exchange_sketch_1h (tenant_id, series_id, at, bucket, count)
    select tenant_id, series_id, ${from}, bucket, count from (
      select ${keys}, ceil(ln(greatest(ms, 1)) / ln(${sketchBase}::double precision))::smallint as bucket, count(*) as count
      from raw where outcome = 'success' and ms > 0 group by ${keys}, bucket) counted
    join exchange_series using (${keys})`);
}

/** Sums a day anew from its hours. */
export async function countDay(tx: RollupTx, { from, to }: TimeRange): Promise<void> {
  await tx.exec(sql`delete from exchange_1d where at = ${from}`);
  await tx.exec(sql`insert into exchange_1d (tenant_id, series_id, at, ${columns}, last_success)
    select tenant_id, series_id, ${from}, ${summed}, max(last_success)
    from exchange_1h where at >= ${from} and at < ${to} group by tenant_id, series_id`);
  await tx.exec(sql`delete from exchange_sketch_1d where at = ${from}`);
  await tx.exec(sql`insert into exchange_sketch_1d (tenant_id, series_id, at, bucket, count)
    select tenant_id, series_id, ${from}, bucket, sum(count)
    from exchange_sketch_1h where at >= ${from} and at < ${to} group by tenant_id, series_id, bucket`);
}
