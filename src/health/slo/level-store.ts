import { z } from 'zod';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { SetLevel } from './targets.ts';

const levelRow = z
  .object({
    tenant_id: z.string(),
    kind: z.string(),
    tier: z.string(),
    target: z.number(),
    exam_target: z.number(),
  })
  .transform(({ tenant_id, exam_target, ...rest }) => ({
    tenantId: tenant_id,
    examTarget: exam_target,
    ...rest,
  }));
export type StoredLevel = z.output<typeof levelRow>;

const columns = sql`tenant_id, kind, tier, target, exam_target`;

/** Those of every school, and the hub's own under the nil tenant. */
export function listAllLevels(tx: RollupTx): Promise<StoredLevel[]> {
  return tx.many(sql`select ${columns} from service_level`, levelRow);
}

export function listLevels(tx: TenantTx | HubTx): Promise<StoredLevel[]> {
  return tx.many(
    sql`select ${columns} from service_level where tenant_id = ${tx.tenantId} order by kind, tier`,
    levelRow,
  );
}

export async function saveLevel(tx: TenantTx | HubTx, level: SetLevel, now: Date): Promise<void> {
  const { kind, tier, target, examTarget } = level;
  await tx.exec(sql`
    insert into service_level (tenant_id, kind, tier, target, exam_target, changed_at)
    values (${tx.tenantId}, ${kind}, ${tier}, ${target}, ${examTarget}, ${now})
    on conflict (tenant_id, kind, tier) do update
      set target = excluded.target, exam_target = excluded.exam_target, changed_at = excluded.changed_at`);
}

/** @returns whether there was one */
export async function deleteLevel(tx: TenantTx | HubTx, kind: string, tier: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      delete from service_level where tenant_id = ${tx.tenantId} and kind = ${kind} and tier = ${tier}`)) > 0
  );
}
