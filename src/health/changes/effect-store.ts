import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { Counts } from '../slo/burn.ts';

const count = z.coerce.number();
const aroundRow = z.object({
  valid_before: count,
  failed_before: count,
  valid_after: count,
  failed_after: count,
});
const failed = sql`failed_partner + failed_hub + failed_config + expired_unknown`;

/** Exchanges of a connection before and after a moment, from whole hours; the hour it is in counts for neither. */
export async function countsAround(
  tx: TenantTx,
  connectionId: ConnectionId,
  at: Date,
  windowMs: number,
): Promise<{ before: Counts; after: Counts }> {
  const hour = Math.floor(at.getTime() / 3_600_000) * 3_600_000;
  const [from, begun, next, to] = [hour - windowMs, hour, hour + 3_600_000, hour + 3_600_000 + windowMs].map(
    (ms) => new Date(ms),
  );
  const row = await tx.one(
    sql`select coalesce(sum(success + ${failed}) filter (where at < ${begun}), 0) as valid_before,
        coalesce(sum(${failed}) filter (where at < ${begun}), 0) as failed_before,
        coalesce(sum(success + ${failed}) filter (where at >= ${next}), 0) as valid_after,
        coalesce(sum(${failed}) filter (where at >= ${next}), 0) as failed_after
      from exchange_1h c join exchange_series s using (tenant_id, series_id)
      where c.tenant_id = ${tx.tenantId} and s.connection_id = ${connectionId} and at >= ${from} and at < ${to}`,
    aroundRow,
  );
  return {
    before: { valid: row.valid_before, failed: row.failed_before },
    after: { valid: row.valid_after, failed: row.failed_after },
  };
}

const linkedRow = z
  .object({ change_id: z.uuid(), first_failed_at: z.date() })
  .transform((row) => ({ changeId: row.change_id, firstFailedAt: row.first_failed_at.getTime() }));

/** The tenant's incidents of which a change is suspected. */
export function listLinkedIncidents(tx: TenantTx) {
  return tx.many(
    sql`select change_id, first_failed_at from incident
      where tenant_id = ${tx.tenantId} and change_id is not null`,
    linkedRow,
  );
}

const cycleRow = z.object({ connection_id: z.uuid(), cycle_ms: count });

/** How far apart a connection's roster runs usually are, in milliseconds; without runs it has no cycle. */
export async function listCycles(tx: TenantTx): Promise<Map<string, number>> {
  const rows = await tx.many(
    sql`select connection_id,
        extract(epoch from max(requested_at) - min(requested_at)) * 1000 / (count(*) - 1) as cycle_ms
      from sync_run where tenant_id = ${tx.tenantId} and requested_at > now() - interval '90 days'
      group by connection_id having count(*) > 1`,
    cycleRow,
  );
  return new Map(rows.map(({ connection_id, cycle_ms }) => [connection_id, cycle_ms]));
}

const connectionRow = z.object({ connection_id: z.uuid() });

/** Connections that are still on their way to be live. */
export async function listUnfinished(tx: TenantTx): Promise<Set<string>> {
  const rows = await tx.many(
    sql`select connection_id from onboarding where tenant_id = ${tx.tenantId} and connection_id is not null
      and stage not in ('live', 'stable')`,
    connectionRow,
  );
  return new Set(rows.map(({ connection_id }) => connection_id));
}
