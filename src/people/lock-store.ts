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
 * For the rest of the transaction: statements that visit a whole school take the time they need, and are planned for many
 * rows whatever the planner believes. Tables that were just filled are unknown to it; it would take them for nearly empty
 * and go through one for every row of another.
 */
export async function planForMany(tx: TenantTx): Promise<void> {
  await tx.one(
    sql`select set_config('statement_timeout', '0', true), set_config('enable_seqscan', 'on', true),
      set_config('enable_nestloop', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('work_mem', '64MB', true)`,
    done,
  );
}
