import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { RollupTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const dueRow = z.object({ tenant_id: z.uuid(), connection_id: z.uuid() }).transform((row) => ({
  tenantId: row.tenant_id as TenantId,
  connectionId: row.connection_id as ConnectionId,
}));

/**
 * Connections with a line that is due and may be sent, of every tenant. It steps from connection to connection along
 * the index of due lines, so that fifty thousand lines of one cost no more than one of another.
 */
export function listDueConnections(tx: RollupTx, now: Date) {
  return tx.many(
    sql`
    with recursive busy as (
      (select tenant_id, connection_id from grade_line where due_at is not null
        order by tenant_id, connection_id limit 1)
      union all
      select following.* from busy, lateral (
        select tenant_id, connection_id from grade_line
        where due_at is not null and (tenant_id, connection_id) > (busy.tenant_id, busy.connection_id)
        order by tenant_id, connection_id limit 1) following)
    select busy.tenant_id, busy.connection_id
    from busy left join grade_route r using (tenant_id, connection_id)
    where exists (select from grade_line l where l.tenant_id = busy.tenant_id
        and l.connection_id = busy.connection_id and l.due_at <= ${now})
      and (r.state is null or r.state = 'running' and (r.blocked_until is null or r.blocked_until <= ${now})
        or r.state = 'stopped' and r.blocked_until <= ${now})`,
    dueRow,
  );
}
