import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import type { KeptContent, KeptItem, KeptResult } from './kept-item.ts';

const optional = z.string().optional();

const content = z.object({
  label: z.string(),
  scoreMaximum: z.number(),
  resourceLinkId: optional,
  resourceId: optional,
  tag: optional,
  startDateTime: optional,
  endDateTime: optional,
  gradesReleased: z.boolean().optional(),
  extensions: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<KeptContent>;

const itemRow = z
  .object({ kept_id: z.uuid(), content })
  .transform((row): KeptItem => ({ ...row.content, keptId: row.kept_id }));

/** A class of a roster. */
export interface ClassPlace {
  connectionId: ConnectionId;
  classId: string;
}

const ofClass = (tenantId: string, { connectionId, classId }: ClassPlace): Sql => sql`
  tenant_id = ${tenantId} and connection_id = ${connectionId} and class_id = ${classId}`;

/** The columns of a class, of every tool, the oldest first. */
export function listKeptItems(tx: TenantTx, place: ClassPlace): Promise<KeptItem[]> {
  return tx.many(
    sql`select kept_id, content from kept_line_item where ${ofClass(tx.tenantId, place)} order by kept_id`,
    itemRow,
  );
}

/** @returns whether there was room: a class has at most `most` */
export async function insertKeptItem(
  tx: TenantTx,
  place: ClassPlace,
  { keptId, ...made }: KeptItem,
  { most, now }: { most: number; now: Date },
): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into kept_line_item (tenant_id, kept_id, connection_id, class_id, content, created_at, changed_at)
    select ${tx.tenantId}, ${keptId}, ${place.connectionId}, ${place.classId}, ${json(made)}::jsonb, ${now}, ${now}
    where (select count(*) from kept_line_item where ${ofClass(tx.tenantId, place)}) < ${most}`);
  return inserted === 1;
}

const one = (tenantId: string, connectionId: ConnectionId, keptId: string): Sql => sql`
  tenant_id = ${tenantId} and connection_id = ${connectionId} and kept_id = ${keptId}`;

export function findKeptItem(
  tx: TenantTx,
  connectionId: ConnectionId,
  keptId: string,
): Promise<KeptItem | undefined> {
  return tx.maybeOne(
    sql`select kept_id, content from kept_line_item where ${one(tx.tenantId, connectionId, keptId)}`,
    itemRow,
  );
}

/** @returns whether it is there */
export async function updateKeptItem(
  tx: TenantTx,
  connectionId: ConnectionId,
  { keptId, ...changed }: KeptItem,
  now: Date,
): Promise<boolean> {
  const updated = await tx.exec(sql`
    update kept_line_item set content = ${json(changed)}::jsonb, changed_at = ${now}
    where ${one(tx.tenantId, connectionId, keptId)}`);
  return updated === 1;
}

/** @returns whether it was there */
export async function deleteKeptItem(
  tx: TenantTx,
  connectionId: ConnectionId,
  keptId: string,
): Promise<boolean> {
  return (
    (await tx.exec(sql`delete from kept_line_item where ${one(tx.tenantId, connectionId, keptId)}`)) === 1
  );
}

const resultRow = z
  .object({
    subject: z.string(),
    score_given: z.number().nullable(),
    score_maximum: z.number().nullable(),
    comment: z.string().nullable(),
  })
  .transform(
    (row): KeptResult => ({
      subject: row.subject,
      scoreGiven: row.score_given ?? undefined,
      scoreMaximum: row.score_maximum ?? undefined,
      comment: row.comment ?? undefined,
    }),
  );

/**
 * The newest score of each person that waits or has arrived, by what the connection calls them.
 *
 * @param lineItemUrl the address of the line item, of whichever tool
 * @param subject one person's alone
 */
export function listKeptResults(
  tx: TenantTx,
  connectionId: ConnectionId,
  { lineItemUrl, subject, most }: { lineItemUrl: string; subject: string | undefined; most: number },
): Promise<KeptResult[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`
    select k.subject, (d.score ->> 'scoreGiven')::float8 as score_given,
      (d.score ->> 'scoreMaximum')::float8 as score_maximum, d.score ->> 'comment' as comment
    from line_item i
    join grade_line l on l.tenant_id = ${tenantId} and l.line_item_id = i.line_item_id
    join person_link k on k.tenant_id = ${tenantId} and k.connection_id = ${connectionId}
      and k.person_id = l.person_id ${subject === undefined ? sql`` : sql`and k.subject = ${subject}`}
    cross join lateral (
      (select score from grade_delivery d
        where d.tenant_id = ${tenantId} and d.line_item_id = i.line_item_id and d.person_id = l.person_id
          and d.ended_at is null and d.score is not null
        order by d.score_timestamp desc limit 1)
      union all
      (select score from grade_delivery d
        where d.tenant_id = ${tenantId} and d.delivery_id = l.delivered_id and d.score is not null)
      limit 1) d
    where i.tenant_id = ${tenantId} and i.connection_id = ${connectionId} and i.lms_url = ${lineItemUrl}
      and i.status = 'active'
    order by k.subject limit ${most}`,
    resultRow,
  );
}
