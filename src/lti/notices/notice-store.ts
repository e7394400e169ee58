import { z } from 'zod';
import { type ConnectionId, newId, type TenantId, type ToolId } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

export const noticeStates = ['waiting', 'delivered', 'dead'] as const;

/** What a tool is told, in the hub's own ids. */
const content = z.object({
  contextId: z.string().optional(),
  originContextIds: z.array(z.string()).optional(),
  resourceLinkId: z.string().optional(),
});
export type NoticeContent = z.output<typeof content>;

/** A notice for one tool. */
export interface NewNotice {
  toolId: ToolId;
  /** The LMS it came from; undefined where the hub itself tells something. */
  source: { connectionId: ConnectionId; deploymentId: string } | undefined;
  /** By which a second arrival is known. */
  sourceHash: Buffer;
  type: string;
  content: NoticeContent;
  occurredAt: Date;
}

/** @returns whether it is new: one that came before is relayed once */
export async function insertNotice(tx: TenantTx, notice: NewNotice, now: Date): Promise<boolean> {
  const { source } = notice;
  const inserted = await tx.exec(sql`
    insert into lti_notice (tenant_id, notice_id, tool_id, connection_id, deployment_id, source_hash, notice_type, content,
      occurred_at, state, due_at, created_at)
    values (${tx.tenantId}, ${newId(now.getTime())}, ${notice.toolId}, ${source?.connectionId ?? null},
      ${source?.deploymentId ?? null}, ${notice.sourceHash}, ${notice.type}, ${json(notice.content)},
      ${notice.occurredAt}, 'waiting', ${now}, ${now})
    on conflict (tenant_id, tool_id, source_hash) do nothing`);
  return inserted === 1;
}

const tenantRow = z.object({ tenant_id: z.uuid() }).transform((row) => row.tenant_id as TenantId);

/** Tenants with notices that are due, by their ids, so that whoever walks through them meets each. */
export function listTenantsWithDue(
  tx: RollupTx,
  now: Date,
  { after, most }: { after: TenantId | undefined; most: number },
): Promise<TenantId[]> {
  return tx.many(
    sql`select distinct tenant_id from lti_notice
      where due_at <= ${now} and (${after ?? null}::uuid is null or tenant_id > ${after ?? null}::uuid)
      order by tenant_id limit ${most}`,
    tenantRow,
  );
}

const dueRow = z
  .object({ notice_id: z.uuid(), tool_id: z.uuid() })
  .transform((row) => ({ noticeId: row.notice_id, toolId: row.tool_id as ToolId }));

/** Notices of a tenant that are due, the longest waiting first; of each tool so many at most. */
export function listDueNotices(tx: TenantTx, now: Date, mostOfTool: number) {
  return tx.many(
    sql`select notice_id, tool_id from (
        select notice_id, tool_id, due_at, row_number() over (partition by tool_id order by due_at, notice_id) as place
        from lti_notice where tenant_id = ${tx.tenantId} and due_at <= ${now}) n
      where place <= ${mostOfTool} order by due_at, notice_id`,
    dueRow,
  );
}

/** Whether a notice of a type is on its way to a tool. */
export async function isOnItsWay(tx: TenantTx, toolId: ToolId, type: string): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from lti_notice where tenant_id = ${tx.tenantId} and tool_id = ${toolId}
      and notice_type = ${type} and state = 'waiting') as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

const claimedRow = z
  .object({
    ...{
      tool_id: z.uuid(),
      notice_type: z.string(),
      content,
      occurred_at: z.date(),
      tries: z.number(),
    },
    handler_url: z.string().nullable(),
  })
  .transform((row) => ({
    ...{ toolId: row.tool_id as ToolId, type: row.notice_type, content: row.content, tries: row.tries },
    occurredAt: row.occurred_at,
    /** Null where the tool wants no such notices any more. */
    handlerUrl: row.handler_url,
  }));
export type ClaimedNotice = z.output<typeof claimedRow>;

/** Takes a notice for one try; others leave it alone until `until`. Undefined where somebody else was faster. */
export function claimNotice(tx: TenantTx, noticeId: string, { now, until }: { now: Date; until: Date }) {
  return tx.maybeOne(
    sql`update lti_notice n set tries = tries + 1, due_at = ${until}
      where tenant_id = ${tx.tenantId} and notice_id = ${noticeId} and due_at <= ${now}
      returning tool_id, notice_type, content, occurred_at, tries, (select handler_url from lti_notice_handler h
        where h.tenant_id = n.tenant_id and h.tool_id = n.tool_id and h.notice_type = n.notice_type) as handler_url`,
    claimedRow,
  );
}

export async function settleNotice(
  tx: TenantTx,
  noticeId: string,
  end: { state: (typeof noticeStates)[number]; dueAt: Date | null; failure: string | null; now: Date },
): Promise<void> {
  await tx.exec(sql`
    update lti_notice set state = ${end.state}, due_at = ${end.dueAt}, failure = ${end.failure},
      ended_at = ${end.state === 'waiting' ? null : end.now}
    where tenant_id = ${tx.tenantId} and notice_id = ${noticeId} and state = 'waiting'`);
}

const shownRow = z
  .object({
    ...{
      notice_id: z.uuid(),
      tool_id: z.uuid(),
      connection_id: z.uuid().nullable(),
      notice_type: z.string(),
    },
    ...{
      state: z.enum(noticeStates),
      tries: z.number(),
      failure: z.string().nullable(),
      created_at: z.date(),
    },
  })
  .transform((row) => ({
    ...{
      noticeId: row.notice_id,
      toolId: row.tool_id,
      connectionId: row.connection_id,
      type: row.notice_type,
    },
    ...{ state: row.state, tries: row.tries, failure: row.failure, createdAt: row.created_at },
  }));
export type ShownNotice = z.output<typeof shownRow>;

/** The newest notices of a tenant. */
export function listNoticeRows(
  tx: TenantTx,
  { state, limit }: { state?: ShownNotice['state'] | undefined; limit: number },
): Promise<ShownNotice[]> {
  return tx.many(
    sql`select notice_id, tool_id, connection_id, notice_type, state, tries, failure, created_at from lti_notice
      where tenant_id = ${tx.tenantId} and (${state ?? null}::text is null or state = ${state ?? null}::text)
      order by notice_id desc limit ${limit}`,
    shownRow,
  );
}

/** Lets dead notices be tried again; one of them, or all. @returns how many */
export function reviveNotices(tx: TenantTx, noticeId: string | undefined, now: Date): Promise<number> {
  return tx.exec(sql`
    update lti_notice set state = 'waiting', tries = 0, due_at = ${now}, failure = null, ended_at = null
    where tenant_id = ${tx.tenantId} and state = 'dead'
      and (${noticeId ?? null}::uuid is null or notice_id = ${noticeId ?? null}::uuid)`);
}

/** Takes out what ended long ago. @returns how many */
export function deleteEnded(tx: TenantTx, before: Date): Promise<number> {
  return tx.exec(sql`delete from lti_notice where tenant_id = ${tx.tenantId} and ended_at < ${before}`);
}
