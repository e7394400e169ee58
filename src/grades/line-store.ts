import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';

/**
 * The beginning of a statement that changes lines which `named` lists; a `do update` has to follow, where `l` is the line
 * and `excluded` holds what was given. It is written as an insert that always meets its row, and so finds each by the
 * whole key and in its newest version, whatever the planner believes: a plan for an `update … from`, made while the table
 * was small, would read all lines of the tenant for every batch.
 *
 * @param named a table with line_item_id and person_id of lines that exist
 * @param given columns of the line to hand over, and what in `named` they are made of; `newest_at` among them
 */
export function meetLines(named: Sql, tenantId: string, given: { columns: Sql; values: Sql }): Sql {
  return sql`
      insert into grade_line as l (tenant_id, line_item_id, person_id, connection_id, newest_hash, ${given.columns})
      select ${tenantId}, line_item_id, person_id, ${tenantId}, '', ${given.values} from ${named}
      on conflict (tenant_id, line_item_id, person_id)`;
}

/** A line that a worker holds under `token`. */
export interface HeldPending {
  lineItemId: string;
  personId: string;
  token: string;
  /** Deliveries that had not ended when it was taken. */
  pending: number;
}

/**
 * Lets go of lines that this worker holds and in which nothing waits, though they say so: their deliveries were removed.
 * What was accepted meanwhile stays due.
 */
export async function releaseEmptyLines(
  tx: TenantTx,
  lines: readonly HeldPending[],
  now: Date,
): Promise<void> {
  const rows = lines.map(({ lineItemId, personId, token, pending }) => ({
    line_item_id: lineItemId,
    person_id: personId,
    token,
    pending,
  }));
  await tx.exec(sql`
    with empty as (
      select * from jsonb_to_recordset(${json(rows)}::jsonb)
        as e(line_item_id uuid, person_id uuid, token uuid, pending integer) order by line_item_id, person_id)
    ${meetLines(sql`empty`, tx.tenantId, {
      columns: sql`lease_token, pending, due_at, newest_at`,
      values: sql`token, pending, ${now}::timestamptz, ${now}::timestamptz`,
    })}
    do update set lease_token = null, lease_until = null, pending = l.pending - excluded.pending, tries = 0, failing_since = null,
      due_at = case when l.pending > excluded.pending then excluded.due_at end
    where l.lease_token = excluded.lease_token`);
}
