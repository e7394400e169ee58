import { z } from 'zod';
import type { TimeRange } from '../../../contracts/health.ts';
import { columns, countDay, keys, series } from '../../health/rollups/count-store.ts';
import type { RollupTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { HourCounts } from './count.ts';

/** Puts the counts of a day's hours in, sums the day and makes the series that are new. */
export async function insertDay(tx: RollupTx, day: TimeRange, hours: readonly HourCounts[]): Promise<void> {
  // Series are made by whoever holds this alone (src/health/rollups/mark-store.ts).
  await tx.exec(sql`select pg_advisory_xact_lock(hashtext('gatehouse.rollups'))`);
  const given = sql`counted as materialized (
      select * from jsonb_to_recordset(${json(hours)}::jsonb) as r(tenant_id uuid, connection_id uuid, partner text, kind text,
        tier service_tier, connector_version text, at timestamptz, success integer, failed_partner integer,
        failed_hub integer, failed_config integer, user_error integer, suppressed integer, expired_unknown integer,
        attempts integer, failed_attempts integer, first_try integer, on_time integer, offered bigint, rejected bigint,
        last_success timestamptz, sketch jsonb)
    )`;
  await tx.exec(sql`with ${given}, ${series}
    insert into exchange_1h (tenant_id, series_id, at, ${columns}, last_success)
    select tenant_id, series_id, at, ${columns}, last_success from counted join series using (${keys})`);
  await tx.exec(sql`with ${given}
    insert into exchange_sketch_1h (tenant_id, series_id, at, bucket, count)
    select tenant_id, series_id, at, bucket.key::smallint, bucket.value::integer
    from counted join exchange_series using (${keys}), jsonb_each_text(sketch) bucket`);
  await countDay(tx, day);
}

const place = z.object({ at: z.date().nullable() });

/** The first day that is counted of schools; undefined where none is. */
export async function findFirstDay(tx: RollupTx, tenantIds: readonly string[]): Promise<Date | undefined> {
  const { at } = await tx.one(
    sql`select min(at) as at from exchange_1d where tenant_id = any (${tenantIds}::uuid[]) and attempts > 0`,
    place,
  );
  return at ?? undefined;
}

/** When the first exchange of schools that has a row ended; undefined where none did. */
export async function findFirstEnd(tx: RollupTx, tenantIds: readonly string[]): Promise<Date | undefined> {
  const { at } = await tx.one(
    sql`select min(ended_at) as at from exchange where tenant_id = any (${tenantIds}::uuid[])`,
    place,
  );
  return at ?? undefined;
}

/** When the last exchange of schools ended; undefined where none did. */
export async function findLastEnd(tx: RollupTx, tenantIds: readonly string[]): Promise<Date | undefined> {
  const { at } = await tx.one(
    sql`select max(ended_at) as at from exchange where tenant_id = any (${tenantIds}::uuid[])`,
    place,
  );
  return at ?? undefined;
}
