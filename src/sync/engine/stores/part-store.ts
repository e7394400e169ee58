import { z } from 'zod';
import type { RunId } from '../../../../contracts/ids.ts';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';

const longestName = 2_000;

/** The number of a file or address within the run; the same name has the same number however often it is read. */
export async function numberPart(tx: StagingTx, runId: RunId, entity: Entity, name: string): Promise<number> {
  const short = name.slice(0, longestName);
  const { part } = await tx.one(
    sql`with known as (
        select part from sync_run_part
        where tenant_id = ${tx.tenantId} and run_id = ${runId} and entity = ${entity} and name = ${short} limit 1),
      made as (
        insert into sync_run_part (tenant_id, run_id, part, entity, name)
        select ${tx.tenantId}::uuid, ${runId}::uuid, coalesce(max(part), 0) + 1, ${entity}, ${short} from sync_run_part
        where tenant_id = ${tx.tenantId} and run_id = ${runId} having not exists (select from known)
        returning part)
      select part from known union all select part from made`,
    z.object({ part: z.number() }),
  );
  return part;
}

/** Names the part of rows whose text does not: those that this transaction copies. */
export async function namePart(tx: StagingTx, part: number): Promise<void> {
  await tx.exec(sql`select set_config('gatehouse.part', ${String(part)}, true)`);
}
