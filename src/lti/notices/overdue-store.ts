import { z } from 'zod';
import type { ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const row = z
  .object({ tool_id: z.uuid(), created_at: z.date() })
  .transform((found) => ({ toolId: found.tool_id as ToolId, createdAt: found.created_at }));

/**
 * Gives up notices that were made before one moment and have been due since another: their tool lets everybody wait, so
 * that their turn does not come.
 *
 * @returns what was given up
 */
export function giveUpOverdue(
  tx: TenantTx,
  { madeBefore, dueBefore, now, most }: { madeBefore: Date; dueBefore: Date; now: Date; most: number },
) {
  return tx.many(
    sql`update lti_notice set state = 'dead', due_at = null, failure = ${overdue}, ended_at = ${now}
      where tenant_id = ${tx.tenantId} and notice_id = any (array(
        select notice_id from lti_notice
        where tenant_id = ${tx.tenantId} and state = 'waiting' and due_at < ${dueBefore} and created_at < ${madeBefore}
        order by due_at limit ${most} for update skip locked))
      returning tool_id, created_at`,
    row,
  );
}

/** Why such a notice is dead: a stable code. */
export const overdue = 'overdue';
