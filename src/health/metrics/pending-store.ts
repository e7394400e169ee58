import { z } from 'zod';
import type { SliceFilter } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { sql } from '../../platform/sql/sql.ts';
import { type HealthTx, tenantOf } from './count-read-store.ts';

const pendingRow = z
  .object({
    tenant_id: z.string(),
    connection_id: z.string(),
    partner: z.string().nullable(),
    tier: z.string().nullable(),
    pending: z.coerce.number(),
    late: z.coerce.number(),
    oldest: z.date(),
  })
  .transform(({ tenant_id, connection_id, ...row }) => ({
    ...row,
    tenantId: tenant_id,
    connectionId: connection_id,
  }));

/** Scores of a connection that wait: how many, those past their time, and since when the oldest does. */
export type PendingDeliveries = z.output<typeof pendingRow>;

/** Connections whose scores wait, the longest wait first. @param lateBefore accepted before it is past its time */
export function listPendingDeliveries(
  tx: HealthTx,
  filter: SliceFilter,
  lateBefore: Date,
): Promise<PendingDeliveries[]> {
  const { connectionId, partner, tier } = filter;
  const tenantId = tenantOf(tx, filter);
  const conditions = [
    sql`d.ended_at is null`,
    ...(tenantId === undefined ? [] : [sql`d.tenant_id = ${tenantId}::uuid`]),
    ...(connectionId === undefined ? [] : [sql`d.connection_id = ${connectionId ?? HUB_TENANT}::uuid`]),
    ...(partner === undefined ? [] : [sql`c.partner is not distinct from ${partner}::text`]),
    ...(tier === undefined ? [] : [sql`coalesce(c.tier, 'standard') = ${tier}`]),
  ];
  return tx.many(
    sql`select d.tenant_id, d.connection_id, c.partner, c.tier, count(*) as pending,
        count(*) filter (where accepted_at < ${lateBefore}) as late, min(accepted_at) as oldest
      from grade_delivery d left join connection c using (tenant_id, connection_id)
      where ${conditions.reduce((all, one) => sql`${all} and ${one}`)}
      group by d.tenant_id, d.connection_id, c.partner, c.tier order by oldest`,
    pendingRow,
  );
}
