import { z } from 'zod';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';

const counted = z.object({ count: z.number() });

/**
 * How many launches and sign-ins have begun since the server counts rows (PostgreSQL, cumulative statistics system): of all
 * tenants and copies together, and of none of them a row. A second or so late.
 */
export async function countArrivals(tx: StagingTx): Promise<number> {
  // A transaction sees its first look for as long as it lasts.
  await tx.exec(sql`select pg_stat_clear_snapshot()`);
  const { count } = await tx.one(
    sql`select sum(pg_stat_get_tuples_inserted(begun))::float8 as count
      from unnest(array['lti_login', 'hub_login', 'sign_in_request']::regclass[]) as begun`,
    counted,
  );
  return count;
}

/** From here to the end of the transaction statements are worked on by one process each, or by as many as is usual. */
export async function setAlone(tx: StagingTx, isAlone: boolean): Promise<void> {
  await tx.exec(
    isAlone
      ? sql`set local max_parallel_workers_per_gather = 0`
      : sql`set local max_parallel_workers_per_gather to default`,
  );
}
