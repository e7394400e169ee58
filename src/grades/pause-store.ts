import { z } from 'zod';
import { type RouteState, routeStates } from '../../contracts/grades.ts';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { GradeRoute } from './pause.ts';

const routeRow = z
  .object({
    connection_id: z.uuid(),
    partner: z.string(),
    state: z.enum(routeStates),
    reason: z.string().nullable(),
    changed_at: z.date().nullable(),
    blocked_until: z.date().nullable(),
    failures: z.number(),
    pending: z.coerce.number(),
    due: z.coerce.number(),
    oldest_pending: z.date().nullable(),
  })
  .transform(
    (row): GradeRoute => ({
      connectionId: row.connection_id as ConnectionId,
      partner: row.partner,
      state: row.state,
      reason: row.reason,
      changedAt: row.changed_at,
      blockedUntil: row.blocked_until,
      failures: row.failures,
      pending: row.pending,
      due: row.due,
      oldestPending: row.oldest_pending,
    }),
  );

/** Every connection that grades go to, whether any has or not, and those for which some wait. */
export function listRoutes(tx: TenantTx, now: Date): Promise<GradeRoute[]> {
  return tx.many(
    sql`
    select c.connection_id, c.partner, coalesce(r.state, 'running') as state, r.reason, r.changed_at, r.blocked_until,
      coalesce(r.failures, 0) as failures, coalesce(waiting.pending, 0) as pending, waiting.due,
      (select min(d.accepted_at) from grade_delivery d
        where d.tenant_id = c.tenant_id and d.connection_id = c.connection_id and d.ended_at is null) as oldest_pending
    from connection c
    left join grade_route r using (tenant_id, connection_id)
    cross join lateral (
      select sum(l.pending) as pending, count(*) filter (where l.due_at <= ${now}) as due from grade_line l
      where l.tenant_id = c.tenant_id and l.connection_id = c.connection_id and l.due_at is not null) waiting
    where c.tenant_id = ${tx.tenantId} and (c.kind in ('lms', 'grades') or waiting.pending > 0 or r.state is not null)
    order by c.connection_id`,
    routeRow,
  );
}

/**
 * Brings a connection's deliveries into a state a person has chosen. What the hub had noted of failures is forgotten.
 *
 * @returns the state before; undefined when the tenant has no such connection
 */
export async function setRouteState(
  tx: TenantTx,
  connectionId: ConnectionId,
  to: { state: 'running' | 'paused'; reason: string | null; now: Date },
): Promise<RouteState | undefined> {
  const { state, reason, now } = to;
  // Without a row yet the bucket is empty: it fills while the deliveries are paused.
  await tx.exec(sql`
    insert into grade_route (tenant_id, connection_id, state, tokens, filled_at, changed_at)
    select tenant_id, connection_id, 'running', 0, ${now}, ${now} from connection
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
    on conflict do nothing`);
  const row = await tx.maybeOne(
    sql`
    with before as (
      select state from grade_route
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} for update)
    update grade_route r set state = ${state}, reason = ${reason}, stopped_version = null, blocked_until = null,
      failures = 0, changed_at = ${now}
    from before where r.tenant_id = ${tx.tenantId} and r.connection_id = ${connectionId}
    returning before.state`,
    z.object({ state: z.enum(routeStates) }),
  );
  return row?.state;
}
