import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { impossibleWaitMs } from './back-off.ts';
import { meetLines } from './line-store.ts';

const dueRow = z
  .object({ tenant_id: z.uuid(), connection_id: z.uuid(), ahead: z.boolean() })
  .transform(({ ahead, ...row }) => ({
    tenantId: row.tenant_id as TenantId,
    connectionId: row.connection_id as ConnectionId,
    ahead,
  }));

const impossibleFrom = (now: Date) => new Date(now.getTime() + impossibleWaitMs);

/**
 * Connections with a line that is due and may be sent, of every tenant. It steps from connection to connection along
 * the index of due lines, so that fifty thousand lines of one cost no more than one of another. `ahead`: some of its lines
 * seem to wait longer than any does.
 */
export function listDueConnections(tx: RollupTx, now: Date) {
  const impossible = impossibleFrom(now);
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
    select busy.tenant_id, busy.connection_id, line.ahead
    from busy left join grade_route r using (tenant_id, connection_id)
    cross join lateral (
      select exists (select from grade_line l where l.tenant_id = busy.tenant_id
          and l.connection_id = busy.connection_id and l.due_at <= ${now}
          and (l.lease_until is null or l.lease_until <= now())) as due,
        exists (select from grade_line l where l.tenant_id = busy.tenant_id
          and l.connection_id = busy.connection_id and l.due_at > ${impossible}) as ahead) line
    where (line.due or line.ahead)
      and (r.state is null or r.state = 'running' and r.blocked_until is null
        or r.state <> 'paused' and (r.blocked_until <= ${now} or r.blocked_until > ${impossible}))`,
    dueRow,
  );
}

/**
 * Brings back lines that a clock which ran ahead has put off longer than any line waits.
 */
export async function recallLines(tx: TenantTx, connectionId: ConnectionId, now: Date): Promise<void> {
  await tx.exec(sql`
    with ahead as (
      select line_item_id, person_id from grade_line
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and due_at > ${impossibleFrom(now)}
      order by line_item_id, person_id limit 5000 for update skip locked)
    ${meetLines(sql`ahead`, tx.tenantId, { columns: sql`newest_at`, values: sql`${now}::timestamptz` })}
    do update
    set due_at = ${now}`);
}
