import { z } from 'zod';
import { exchangeKinds } from '../../../contracts/health.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const count = z.coerce.number();
const ended = sql`success + failed_partner + failed_hub + failed_config + expired_unknown + user_error + suppressed`;

const hourRow = z
  .object({
    ...{ tenant_id: z.uuid(), connection_id: z.uuid(), partner: z.string(), kind: z.enum(exchangeKinds) },
    ...{ at: z.date(), ended: count },
  })
  .transform((row) => ({
    ...{ tenantId: row.tenant_id, connectionId: row.connection_id, partner: row.partner, kind: row.kind },
    ...{ at: row.at.getTime(), ended: row.ended },
  }));
export type HourOfConnection = z.output<typeof hourRow>;

/** What people did over connections in single hours: whatever came of it, it was traffic. */
export function readTraffic(
  tx: RollupTx,
  tenantIds: readonly string[],
  hours: readonly number[],
): Promise<HourOfConnection[]> {
  return tx.many(
    sql`select tenant_id, s.connection_id, s.partner, s.kind, at, sum(${ended}) as ended
      from exchange_1h c join exchange_series s using (tenant_id, series_id)
      where c.tenant_id = any (${tenantIds}::uuid[]) and s.kind in ('launch', 'sign_in')
        and at = any (${hours.map((at) => new Date(at))}::timestamptz[])
      group by tenant_id, s.connection_id, s.partner, s.kind, at`,
    hourRow,
  );
}

const dayMs = 86_400_000;

const errorRow = z
  .object({
    ...{ tenant_id: z.uuid(), connection_id: z.uuid(), partner: z.string(), week: count },
    ...{ ended: count, user_errors: count },
  })
  .transform((row) => ({
    ...{ tenantId: row.tenant_id, connectionId: row.connection_id, partner: row.partner, week: row.week },
    ...{ ended: row.ended, userErrors: row.user_errors },
  }));

/**
 * People's errors over a day that ends now, and over the same day of the four weeks before (`week` 1 to 4), of connections
 * that have at least so many today.
 *
 * @param now at a whole hour
 */
export function readUserErrors(tx: RollupTx, now: number, least: number) {
  const from = (week: number) => new Date(now - week * 7 * dayMs - dayMs);
  const to = (week: number) => new Date(now - week * 7 * dayMs);
  const weeks = [0, 1, 2, 3, 4];
  return tx.many(
    sql`with many as (
        select c.tenant_id, s.connection_id from exchange_1h c join exchange_series s using (tenant_id, series_id)
        where at >= ${from(0)} and at < ${to(0)} group by c.tenant_id, s.connection_id
        having sum(user_error) >= ${least}
      ), days as (
        select week - 1 as week, day_from, day_to
        from unnest(${weeks.map(from)}::timestamptz[], ${weeks.map(to)}::timestamptz[])
          with ordinality as d (day_from, day_to, week)
      )
      select s.tenant_id, s.connection_id, s.partner, days.week, sum(${ended}) as ended,
        sum(user_error) as user_errors
      from many join exchange_series s using (tenant_id, connection_id)
      join exchange_1h c on c.tenant_id = s.tenant_id and c.series_id = s.series_id
      join days on at >= day_from and at < day_to
      group by s.tenant_id, s.connection_id, s.partner, days.week`,
    errorRow,
  );
}
