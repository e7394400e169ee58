import { z } from 'zod';
import { type WorkShape, workShapes } from '../../../contracts/burden.ts';
import type { WorkSourceId } from '../../../contracts/ids.ts';
import type { NewWorkItem } from '../../../contracts/work-items.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { WorkSum } from './sum.ts';

export type OwnerTx = TenantTx | HubTx;

/** Writes pieces of work; one that is known by its id takes the place of what was known. @returns how many */
export async function saveWork(
  tx: OwnerTx,
  source: string,
  items: readonly NewWorkItem[],
  now: Date,
): Promise<number> {
  // Of several under one id the last one counts.
  const latest = [...new Map(items.map((item) => [item.externalId, item])).values()];
  return tx.exec(sql`
    insert into work_item (tenant_id, source, external_id, integration, partner, minutes, done_at, changed_at)
    select ${tx.tenantId}, ${source}, "externalId", integration, partner, minutes, "doneAt", ${now}
    from jsonb_to_recordset(${json(latest)}::jsonb) as r("externalId" text, integration text, partner text,
      minutes integer, "doneAt" timestamptz)
    on conflict (tenant_id, source, external_id) do update set integration = excluded.integration,
      partner = excluded.partner, minutes = excluded.minutes, done_at = excluded.done_at, changed_at = excluded.changed_at`);
}

/** Forgets a piece of work that is none any more. */
export async function removeWork(tx: OwnerTx, source: string, externalId: string): Promise<void> {
  await tx.exec(sql`
    delete from work_item where tenant_id = ${tx.tenantId} and source = ${source} and external_id = ${externalId}`);
}

const count = z.coerce.number();
const sumRow = z
  .object({ partner: z.string().nullable(), existing: count, created: count })
  .transform((row): WorkSum => row);

/** Minutes that were done in a stretch of time, by partner. */
export function sumWork(tx: OwnerTx, from: Date, to: Date): Promise<WorkSum[]> {
  return tx.many(
    sql`select partner, coalesce(sum(minutes) filter (where integration = 'existing'), 0) as existing,
        coalesce(sum(minutes) filter (where integration = 'new'), 0) as created
      from work_item where tenant_id = ${tx.tenantId} and done_at >= ${from} and done_at < ${to} group by partner`,
    sumRow,
  );
}

export interface WorkSource {
  sourceId: WorkSourceId;
  shape: WorkShape;
  name: string;
  createdAt: Date;
}

const sourceFields = {
  source_id: z.uuid(),
  shape: z.enum(workShapes),
  name: z.string(),
  created_at: z.date(),
};

function toSource(row: z.output<z.ZodObject<typeof sourceFields>>): WorkSource {
  const { shape, name } = row;
  return { sourceId: row.source_id as WorkSourceId, shape, name, createdAt: row.created_at };
}
const sourceRow = z.object(sourceFields).transform(toSource);

export async function insertSource(
  tx: OwnerTx,
  source: WorkSource & { sealedSecret: Buffer },
): Promise<void> {
  const { sourceId, shape, name, sealedSecret, createdAt } = source;
  await tx.exec(sql`
    insert into work_source (tenant_id, source_id, shape, name, sealed_secret, created_at)
    values (${tx.tenantId}, ${sourceId}, ${shape}, ${name}, ${sealedSecret}, ${createdAt})`);
}

export function listSources(tx: OwnerTx): Promise<WorkSource[]> {
  return tx.many(
    sql`select source_id, shape, name, created_at from work_source where tenant_id = ${tx.tenantId} order by created_at`,
    sourceRow,
  );
}

const sealedRow = z
  .object({ ...sourceFields, sealed_secret: z.custom<Buffer>(Buffer.isBuffer) })
  .transform((row) => ({ ...toSource(row), sealedSecret: row.sealed_secret }));

export function findSource(tx: OwnerTx, sourceId: WorkSourceId) {
  return tx.maybeOne(
    sql`select source_id, shape, name, created_at, sealed_secret from work_source
      where tenant_id = ${tx.tenantId} and source_id = ${sourceId}`,
    sealedRow,
  );
}

/** What it told of stays. @returns what it was */
export function deleteSource(tx: OwnerTx, sourceId: WorkSourceId): Promise<WorkSource | undefined> {
  return tx.maybeOne(
    sql`delete from work_source where tenant_id = ${tx.tenantId} and source_id = ${sourceId}
      returning source_id, shape, name, created_at`,
    sourceRow,
  );
}
