import { z } from 'zod';
import { type ConnectionId, type ContextId, newId, type ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Where a tool wants the notices of one type. */
export interface NoticeHandler {
  type: string;
  url: string;
}

const handlerRow = z
  .object({ notice_type: z.string(), handler_url: z.string() })
  .transform((row): NoticeHandler => ({ type: row.notice_type, url: row.handler_url }));

export function listHandlers(tx: TenantTx, toolId: ToolId): Promise<NoticeHandler[]> {
  return tx.many(
    sql`select notice_type, handler_url from lti_notice_handler
      where tenant_id = ${tx.tenantId} and tool_id = ${toolId} order by notice_type`,
    handlerRow,
  );
}

/** Puts down where a tool wants the notices of a type. @returns whether it had none of that type before */
export async function saveHandler(
  tx: TenantTx,
  toolId: ToolId,
  { type, url }: NoticeHandler,
  now: Date,
): Promise<boolean> {
  const { is_new } = await tx.one(
    // A row that is only changed bears the transaction that changed it in xmax.
    sql`insert into lti_notice_handler (tenant_id, tool_id, notice_type, handler_url, changed_at)
      values (${tx.tenantId}, ${toolId}, ${type}, ${url}, ${now})
      on conflict (tenant_id, tool_id, notice_type) do update
        set handler_url = excluded.handler_url, changed_at = excluded.changed_at
      returning xmax = 0 as is_new`,
    z.object({ is_new: z.boolean() }),
  );
  return is_new;
}

export async function deleteHandler(tx: TenantTx, toolId: ToolId, type: string): Promise<void> {
  await tx.exec(sql`delete from lti_notice_handler
    where tenant_id = ${tx.tenantId} and tool_id = ${toolId} and notice_type = ${type}`);
}

interface CopiedCourse {
  connectionId: ConnectionId;
  deploymentId: string;
  lmsContextId: string;
  lmsOriginIds: readonly string[];
}

const interestedRow = z
  .object({ tool_id: z.uuid(), origins: z.array(z.uuid()) })
  .transform((row) => ({ toolId: row.tool_id as ToolId, origins: row.origins as ContextId[] }));

/**
 * The tools that want to hear of copied courses and have a link in one of the originals, each with those originals that it has
 * a link in: of others it learns nothing.
 */
export function listInterested(
  tx: TenantTx,
  { connectionId, deploymentId, lmsOriginIds }: CopiedCourse,
  type: string,
) {
  return tx.many(
    sql`select h.tool_id, array_agg(distinct c.context_id) as origins
      from lti_notice_handler h, tool_enablement e, lti_context c, lti_resource_link x
      where h.tenant_id = ${tx.tenantId} and h.notice_type = ${type}
        and e.tenant_id = h.tenant_id and e.tool_id = h.tool_id and e.status = 'active'
        and c.tenant_id = h.tenant_id and c.connection_id = ${connectionId} and c.deployment_id = ${deploymentId}
        and c.lms_context_id = any (${lmsOriginIds}::text[])
        and x.tenant_id = h.tenant_id and x.context_id = c.context_id and x.tool_id = h.tool_id
      group by h.tool_id order by h.tool_id`,
    interestedRow,
  );
}

/** The hub's id of a course, which is new to it perhaps. */
export async function meetCopiedCourse(
  tx: TenantTx,
  { connectionId, deploymentId, lmsContextId }: CopiedCourse,
  now: Date,
): Promise<ContextId> {
  const { context_id } = await tx.one(
    sql`insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type, created_at,
        changed_at)
      values (${tx.tenantId}, ${newId(now.getTime())}, ${connectionId}, ${deploymentId}, ${lmsContextId}, '{}', ${now},
        ${now})
      on conflict (tenant_id, connection_id, deployment_id, lms_context_id)
        do update set lms_context_id = excluded.lms_context_id
      returning context_id`,
    z.object({ context_id: z.uuid() }),
  );
  return context_id as ContextId;
}

/** The types that a tool which is on wants. */
export async function listWantedTypes(tx: TenantTx): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct h.notice_type from lti_notice_handler h, tool_enablement e
      where h.tenant_id = ${tx.tenantId} and e.tenant_id = h.tenant_id and e.tool_id = h.tool_id
        and e.status = 'active'`,
    z.object({ notice_type: z.string() }),
  );
  return rows.map(({ notice_type }) => notice_type);
}

/** What a notice is about, in the LMS's ids; undefined: it does not say. */
export interface NoticePlace {
  connectionId: ConnectionId;
  deploymentId: string;
  lmsContextId: string | undefined;
  lmsLinkId: string | undefined;
}

const concernedRow = z
  .object({
    tool_id: z.uuid(),
    context_id: z.uuid().nullable(),
    resource_link_id: z.uuid().nullable(),
  })
  .transform((row) => ({
    toolId: row.tool_id as ToolId,
    contextId: row.context_id,
    resourceLinkId: row.resource_link_id,
  }));

/**
 * The tools that want notices of a type and are concerned, with the hub's own ids of what it is about: of a course, those with a
 * link in it; of a link, the one that it opens; of neither, all of them.
 */
export function listConcerned(
  tx: TenantTx,
  { connectionId, deploymentId, lmsContextId, lmsLinkId }: NoticePlace,
  type: string,
) {
  const [context, link] = [lmsContextId ?? null, lmsLinkId ?? null];
  return tx.many(
    sql`select h.tool_id, c.context_id, x.resource_link_id
      from lti_notice_handler h
      join tool_enablement e on e.tenant_id = h.tenant_id and e.tool_id = h.tool_id and e.status = 'active'
      left join lti_context c on c.tenant_id = h.tenant_id and c.connection_id = ${connectionId}
        and c.deployment_id = ${deploymentId} and c.lms_context_id = ${context}::text
      left join lti_resource_link x on x.tenant_id = h.tenant_id and x.connection_id = ${connectionId}
        and x.deployment_id = ${deploymentId} and x.tool_id = h.tool_id and x.lms_resource_link_id = ${link}::text
      where h.tenant_id = ${tx.tenantId} and h.notice_type = ${type}
        and (${context}::text is null or exists (select from lti_resource_link k
          where k.tenant_id = h.tenant_id and k.tool_id = h.tool_id and k.context_id = c.context_id))
        and (${link}::text is null or x.resource_link_id is not null)
      order by h.tool_id`,
    concernedRow,
  );
}
