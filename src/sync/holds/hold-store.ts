import { z } from 'zod';
import type { RunId } from '../../../contracts/ids.ts';
import { entities } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { type Hold, holdCodes } from '../run.ts';

const holdRow: z.ZodType<Hold> = z.object({
  code: z.enum(holdCodes),
  entity: z.enum(entities).nullable(),
  school: z.string().nullable(),
  count: z.coerce.number(),
  total: z.coerce.number(),
  allowed: z.coerce.number(),
});

export function listHolds(tx: TenantTx, runId: RunId): Promise<Hold[]> {
  return tx.many(
    sql`select code, entity, school, count, total, allowed from sync_hold
      where tenant_id = ${tx.tenantId} and run_id = ${runId} order by hold_no`,
    holdRow,
  );
}

/** Writes down why a plan waits, in place of what was there. */
export async function replaceHolds(tx: TenantTx, runId: RunId, holds: readonly Hold[]): Promise<void> {
  await tx.exec(sql`delete from sync_hold where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
  const rows = holds.map((hold, index) => ({ ...hold, hold_no: index + 1 }));
  await tx.exec(sql`
    insert into sync_hold (tenant_id, run_id, hold_no, code, entity, school, count, total, allowed)
    select ${tx.tenantId}::uuid, ${runId}::uuid, hold_no, code, entity, school, count, total, allowed
    from jsonb_to_recordset(${json(rows)}::jsonb) as h(hold_no integer, code text, entity text, school text,
      count bigint, total bigint, allowed bigint)`);
}
