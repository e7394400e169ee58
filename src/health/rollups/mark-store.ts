import { z } from 'zod';
import { type Grain, grainMs } from '../../../contracts/health.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

/** Beginnings of stretches are counted from here (2000-01-01 UTC), which all grains divide. */
const origin = sql`timestamptz '2000-01-01 00:00Z'`;
const intervals = {
  '5m': sql`interval '5 minutes'`,
  '1h': sql`interval '1 hour'`,
  '1d': sql`interval '1 day'`,
};

/** The beginning of the stretch that a time is in. */
export function beginningOf(grain: Grain, time: Sql): Sql {
  return sql`date_bin(${intervals[grain]}, ${time}, ${origin})`;
}

/** Marks the five minutes in which rows of an expression have ended, by their `ended_at`. */
export function markRows(rows: Sql): Sql {
  return sql`insert into exchange_mark (grain, at)
    select distinct '5m', ${beginningOf('5m', sql`ended_at`)} from ${rows}`;
}

/** Marks every stretch of a range as to be counted anew. @returns how many */
export function markRange(tx: RollupTx, grain: Grain, range: { from: Date; to: Date }): Promise<number> {
  return tx.exec(sql`insert into exchange_mark (grain, at)
    select ${grain}, at from generate_series(${beginningOf(grain, sql`${range.from}::timestamptz`)},
      ${range.to}::timestamptz - interval '1 microsecond', ${intervals[grain]}) at`);
}

/** Marks one stretch. */
export async function mark(tx: RollupTx, grain: Grain, at: Date): Promise<void> {
  await tx.exec(sql`insert into exchange_mark (grain, at) values (${grain}, ${at})`);
}

const taken = z.object({ at: z.date() });

/**
 * Takes the marks of the earliest stretch of `whole` that has any of a grain, so that what is marked together is counted
 * together. From here on other copies wait until this transaction ends: two that count the same would each miss what the
 * other sees.
 *
 * @param before only stretches that begin before; undefined: all
 * @returns where the marked stretches begin, in order; none where nothing is marked
 */
export async function takeMarks(
  tx: RollupTx,
  grain: Grain,
  whole: Grain,
  before: Date | undefined,
): Promise<Date[]> {
  const isDue = before === undefined ? sql`true` : sql`at < ${before}`;
  await tx.exec(sql`select pg_advisory_xact_lock(hashtext('gatehouse.rollups'))`);
  const rows = await tx.many(
    sql`with first as (
      select ${beginningOf(whole, sql`min(at)`)} as at from exchange_mark where grain = ${grain} and ${isDue}
    ), taken as (
      delete from exchange_mark where grain = ${grain} and at >= (select at from first)
        and at < (select at from first) + ${intervals[whole]} and ${isDue}
      returning at
    )
    select distinct at from taken order by at`,
    taken,
  );
  return rows.map(({ at }) => at);
}

const pending = z.object({ grain: z.enum(['1h', '1d']), at: z.date() });

/** Hours and days whose counts are not made yet, or not what they should be, of those that a range touches. */
export async function listPending(
  tx: RollupTx,
  { from, to }: { from: Date; to: Date },
): Promise<{ hours: number[]; days: number[] }> {
  const rows = await tx.many(
    sql`select distinct grain, at from exchange_mark
      where grain in ('1h', '1d') and at > ${new Date(from.getTime() - grainMs['1d'])} and at < ${to}`,
    pending,
  );
  const of = (grain: Grain) => rows.filter((row) => row.grain === grain).map(({ at }) => at.getTime());
  return { hours: of('1h'), days: of('1d') };
}
