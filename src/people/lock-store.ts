import { z } from 'zod';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const done = z.object({});

/** One at a time links, merges or changes the rule, in each tenant; launches go on. Held until the transaction ends. */
export async function lockPeople(tx: TenantTx): Promise<void> {
  await tx.one(
    sql`select pg_advisory_xact_lock(hashtextextended(${`people ${tx.tenantId}`}, 0))::text as held`,
    done,
  );
}

/**
 * For the rest of the transaction: rows of large tables are looked up by key and read in its order, no further than the step goes.
 * Every statement is planned anew, for the tables as they are: a plan that was kept since they were nearly empty would go
 * through all of a tenant for each row. The commit does not wait for the disk: a step that a crash loses is taken again.
 */
export async function planForSteps(tx: TenantTx): Promise<void> {
  await tx.one(
    sql`select set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
      set_config('synchronous_commit', 'off', true)`,
    done,
  );
}
