import { z } from 'zod';
import type { ConnectionId, LineItemId, MergeId, PersonId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import type { Moved } from './merge.ts';

/** Two persons who were made one. */
export interface Merge {
  mergeId: MergeId;
  keptId: PersonId;
  absorbedId: PersonId;
  moved: Moved;
  mergedBy: string;
  mergedAt: Date;
  undoneBy: string | null;
  undoneAt: Date | null;
}

const id = <Id extends string>() => z.uuid().transform((value) => value as Id);

const moved = z.object({
  links: z.array(z.object({ connectionId: id<ConnectionId>(), subject: z.string() })),
  tools: z.array(id<ToolId>()),
  retired: z.array(id<ToolId>()),
  aliases: z.array(z.object({ toolId: id<ToolId>(), personId: id<PersonId>() })),
  lines: z.array(id<LineItemId>()),
  ownLines: z.array(id<LineItemId>()),
  merged: z.array(id<PersonId>()),
});

const mergeRow = z
  .object({
    merge_id: id<MergeId>(),
    kept_id: id<PersonId>(),
    absorbed_id: id<PersonId>(),
    moved,
    merged_by: z.string(),
    merged_at: z.date(),
    undone_by: z.string().nullable(),
    undone_at: z.date().nullable(),
  })
  .transform(
    (row): Merge => ({
      mergeId: row.merge_id,
      keptId: row.kept_id,
      absorbedId: row.absorbed_id,
      moved: row.moved,
      mergedBy: row.merged_by,
      mergedAt: row.merged_at,
      undoneBy: row.undone_by,
      undoneAt: row.undone_at,
    }),
  );

const columns = sql`merge_id, kept_id, absorbed_id, moved, merged_by, merged_at, undone_by, undone_at`;

export function findMerge(tx: TenantTx, mergeId: MergeId): Promise<Merge | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from person_merge where tenant_id = ${tx.tenantId} and merge_id = ${mergeId}`,
    mergeRow,
  );
}

/** Merges, newest first. @param of only those a person had a part in */
export function listMerges(
  tx: TenantTx,
  { of, limit, before }: { of?: PersonId | undefined; limit: number; before?: MergeId | undefined },
): Promise<Merge[]> {
  return tx.many(
    sql`select ${columns} from person_merge
      where tenant_id = ${tx.tenantId} and (${of ?? null}::uuid is null or kept_id = ${of ?? null} or absorbed_id = ${of ?? null})
        and (${before ?? null}::uuid is null or merge_id < ${before ?? null})
      order by merge_id desc limit ${limit}`,
    mergeRow,
  );
}

/** A merge into the same person that came after this one and stands still. */
export async function hasLaterMerge(tx: TenantTx, { mergeId, keptId }: Merge): Promise<boolean> {
  const { later } = await tx.one(
    sql`select exists (select from person_merge a
        join person_merge m on m.tenant_id = ${tx.tenantId} and m.merge_id = ${mergeId}
        where a.tenant_id = ${tx.tenantId} and a.kept_id = ${keptId} and a.undone_at is null and a.merge_id <> ${mergeId}
          and (a.merged_at, a.merge_id) > (m.merged_at, m.merge_id)) as later`,
    z.object({ later: z.boolean() }),
  );
  return later;
}

export async function insertMerge(
  tx: TenantTx,
  merge: Pick<Merge, 'mergeId' | 'keptId' | 'absorbedId' | 'moved' | 'mergedBy' | 'mergedAt'>,
): Promise<void> {
  await tx.exec(sql`
    insert into person_merge (tenant_id, merge_id, kept_id, absorbed_id, moved, merged_by, merged_at)
    values (${tx.tenantId}, ${merge.mergeId}, ${merge.keptId}, ${merge.absorbedId}, ${json(merge.moved)},
      ${merge.mergedBy}, ${merge.mergedAt})`);
}

export async function endMerge(
  tx: TenantTx,
  mergeId: MergeId,
  undone: { by: string; at: Date },
): Promise<void> {
  await tx.exec(sql`
    update person_merge set undone_by = ${undone.by}, undone_at = ${undone.at}
    where tenant_id = ${tx.tenantId} and merge_id = ${mergeId}`);
}
