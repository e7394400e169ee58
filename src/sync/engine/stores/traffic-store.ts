import { z } from 'zod';
import type { HubTx, StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';

const counted = z.object({ count: z.number().nullable() });

/**
 * How many launches and sign-ins have begun since the server counts rows (PostgreSQL, cumulative statistics system): of all
 * tenants and copies together, and of none of them a row. Up to ten seconds late, as long as a connection keeps to itself
 * what it did last.
 *
 * @returns null where the server is set not to count
 */
export async function countArrivals(tx: HubTx): Promise<number | null> {
  const { count } = await tx.one(
    sql`select case when current_setting('track_counts')::boolean then sum(pg_stat_get_tuples_inserted(begun))::float8 end as count
      from unnest(array['lti_login', 'hub_login', 'sign_in_request']::regclass[]) as begun`,
    counted,
  );
  return count;
}

/** From here to the end of the transaction each statement is worked on by one process, or by as many as is usual. */
export async function setAlone(tx: StagingTx, isAlone: boolean): Promise<void> {
  if (isAlone) {
    await tx.exec(sql`set local max_parallel_workers_per_gather = 0`);
    await tx.exec(sql`set local max_parallel_maintenance_workers = 0`);
  } else {
    await tx.exec(sql`set local max_parallel_workers_per_gather to default`);
    await tx.exec(sql`set local max_parallel_maintenance_workers to default`);
  }
}
