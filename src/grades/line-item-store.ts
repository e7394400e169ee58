import { z } from 'zod';
import {
  type ConnectionId,
  type ContextId,
  type LineItemId,
  newId,
  type ResourceLinkId,
  type ToolId,
} from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { Course, LineItem, LinkIds } from './line-item.ts';

const columns = sql`line_item_id, connection_id, deployment_id, context_id, tool_id, resource_link_id, lms_url`;

const lineItemRow = z
  .object({
    line_item_id: z.uuid(),
    connection_id: z.uuid(),
    deployment_id: z.string(),
    context_id: z.uuid(),
    tool_id: z.uuid(),
    resource_link_id: z.uuid().nullable(),
    lms_url: z.string(),
  })
  .transform(
    (row): LineItem => ({
      lineItemId: row.line_item_id as LineItemId,
      connectionId: row.connection_id as ConnectionId,
      deploymentId: row.deployment_id,
      contextId: row.context_id as ContextId,
      toolId: row.tool_id as ToolId,
      resourceLinkId: row.resource_link_id as ResourceLinkId | null,
      lmsUrl: row.lms_url,
    }),
  );

/** A line item that is this tool's in this course; a deleted one is not found. */
export function findLineItem(
  tx: TenantTx,
  item: { lineItemId: LineItemId; contextId: ContextId; toolId: ToolId },
): Promise<LineItem | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from line_item
      where tenant_id = ${tx.tenantId} and line_item_id = ${item.lineItemId}
        and context_id = ${item.contextId} and tool_id = ${item.toolId} and status = 'active'`,
    lineItemRow,
  );
}

/** Every line item of a tool in a course that was not deleted, the oldest first. */
export function listLineItems(
  tx: TenantTx,
  { contextId, toolId }: { contextId: ContextId; toolId: ToolId },
): Promise<LineItem[]> {
  return tx.many(
    sql`select ${columns} from line_item
      where tenant_id = ${tx.tenantId} and context_id = ${contextId} and tool_id = ${toolId} and status = 'active'
      order by line_item_id`,
    lineItemRow,
  );
}

export type NewLineItem = Omit<LineItem, 'lineItemId'>;

/**
 * Gives line items of an LMS their ids for a tool. One that is known keeps its id, is active again where it was deleted,
 * and follows the LMS into another course.
 *
 * @param items each address once
 */
export async function meetLineItems(
  tx: TenantTx,
  items: readonly NewLineItem[],
  now: number,
): Promise<LineItem[]> {
  if (items.length === 0) return [];
  // In one order, so that two lists that are met together do not wait for each other.
  const sorted = items.toSorted((a, b) => (a.lmsUrl < b.lmsUrl ? -1 : 1));
  const at = new Date(now);
  return tx.many(
    sql`insert into line_item as item (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id,
        resource_link_id, lms_url, status, created_at, changed_at)
      select ${tx.tenantId}, given.*, 'active', ${at}, ${at}
      from unnest(${sorted.map(() => newId<LineItemId>(now))}::uuid[], ${sorted.map((each) => each.connectionId)}::uuid[],
        ${sorted.map((each) => each.deploymentId)}::text[], ${sorted.map((each) => each.contextId)}::uuid[],
        ${sorted.map((each) => each.toolId)}::uuid[], ${sorted.map((each) => each.resourceLinkId)}::uuid[],
        ${sorted.map((each) => each.lmsUrl)}::text[]) given
      on conflict (tenant_id, connection_id, tool_id, lms_url) do update
        set status = 'active', deployment_id = excluded.deployment_id, context_id = excluded.context_id,
          resource_link_id = coalesce(excluded.resource_link_id, item.resource_link_id),
          changed_at = excluded.changed_at
      returning ${columns}`,
    lineItemRow,
  );
}

/**
 * Ends a line item that is gone at the LMS. Scores that still wait for it end by themselves.
 *
 * @returns whether it was active
 */
export async function endLineItem(tx: TenantTx, lineItemId: LineItemId, now: number): Promise<boolean> {
  const ended = await tx.exec(
    sql`update line_item set status = 'deleted', changed_at = ${new Date(now)}
      where tenant_id = ${tx.tenantId} and line_item_id = ${lineItemId} and status = 'active'`,
  );
  return ended === 1;
}

const courseRow = z
  .object({
    connection_id: z.uuid(),
    deployment_id: z.string(),
    line_items_url: z.string().nullable(),
    ags_scopes: z.array(z.string()),
  })
  .transform(
    (row): Course => ({
      connectionId: row.connection_id as ConnectionId,
      deploymentId: row.deployment_id,
      lineItemsUrl: row.line_items_url,
      agsScopes: row.ags_scopes,
    }),
  );

/** A course in which the tool has a link: into others it has no business to look. */
export function findCourse(
  tx: TenantTx,
  { contextId, toolId }: { contextId: ContextId; toolId: ToolId },
): Promise<Course | undefined> {
  return tx.maybeOne(
    sql`select connection_id, deployment_id, line_items_url, ags_scopes from lti_context
      where tenant_id = ${tx.tenantId} and context_id = ${contextId}
        and exists (select from lti_resource_link x
          where x.tenant_id = ${tx.tenantId} and x.context_id = ${contextId} and x.tool_id = ${toolId})`,
    courseRow,
  );
}

const linkRow = z.object({ resource_link_id: z.uuid(), lms_resource_link_id: z.string() }).transform(
  (row): LinkIds => ({
    resourceLinkId: row.resource_link_id as ResourceLinkId,
    lmsResourceLinkId: row.lms_resource_link_id,
  }),
);

/** Whose links are meant: one tool's, at one deployment of an LMS. */
interface LinkPlace {
  connectionId: ConnectionId;
  deploymentId: string;
  toolId: ToolId;
}

/** Those of the LMS's links that are this tool's; the others have no place in the answer. */
export function findLinksByLmsId(
  tx: TenantTx,
  { connectionId, deploymentId, toolId }: LinkPlace,
  lmsResourceLinkIds: readonly string[],
): Promise<LinkIds[]> {
  return tx.many(
    sql`select resource_link_id, lms_resource_link_id from lti_resource_link
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and deployment_id = ${deploymentId}
        and tool_id = ${toolId} and lms_resource_link_id = any (${lmsResourceLinkIds}::text[])`,
    linkRow,
  );
}

/** A link by the hub's id, where it is this tool's and stands in this course. */
export function findLinkById(
  tx: TenantTx,
  { toolId, contextId }: { toolId: ToolId; contextId: ContextId },
  resourceLinkId: ResourceLinkId,
): Promise<LinkIds | undefined> {
  return tx.maybeOne(
    sql`select resource_link_id, lms_resource_link_id from lti_resource_link
      where tenant_id = ${tx.tenantId} and resource_link_id = ${resourceLinkId}
        and tool_id = ${toolId} and context_id = ${contextId}`,
    linkRow,
  );
}
