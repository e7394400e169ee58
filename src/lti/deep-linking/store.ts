import { z } from 'zod';
import type { ConnectionId, ContextId, LaunchId, ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { ContentItem } from './content-items.ts';
import { type DeepLinkingSettings, deepLinkingSettings } from './settings.ts';

/** A tool that was asked for content and has not answered yet. */
export interface OpenRequest {
  launchId: LaunchId;
  browserHash: Buffer;
  toolId: ToolId;
  connectionId: ConnectionId;
  /** The LMS's. */
  deploymentId: string;
  contextId: ContextId | null;
  settings: DeepLinkingSettings;
  expiresAt: Date;
}

const requestRow = z
  .object({
    launch_id: z.uuid(),
    browser_hash: z.instanceof(Buffer),
    tool_id: z.uuid(),
    connection_id: z.uuid(),
    deployment_id: z.string(),
    context_id: z.uuid().nullable(),
    settings: deepLinkingSettings,
    expires_at: z.date(),
  })
  .transform(
    (row): OpenRequest => ({
      launchId: row.launch_id as LaunchId,
      browserHash: row.browser_hash,
      toolId: row.tool_id as ToolId,
      connectionId: row.connection_id as ConnectionId,
      deploymentId: row.deployment_id,
      contextId: row.context_id as ContextId | null,
      settings: row.settings,
      expiresAt: row.expires_at,
    }),
  );

const columns = sql`launch_id, browser_hash, tool_id, connection_id, deployment_id, context_id, settings, expires_at`;

/**
 * Keeps what a tool was asked for with a launch that was just opened, which knows the LMS's connection and deployment.
 *
 * @returns whether the launch is one that has gone on to a tool
 */
export async function insertRequest(
  tx: TenantTx,
  request: {
    launchId: LaunchId;
    dataHash: Buffer;
    browserHash: Buffer;
    settings: DeepLinkingSettings;
    expiresAt: Date;
  },
): Promise<boolean> {
  const stored = await tx.exec(sql`
    insert into lti_deep_link (tenant_id, launch_id, data_hash, browser_hash, tool_id, connection_id, deployment_id,
      context_id, settings, expires_at)
    select ${tx.tenantId}, l.launch_id, ${request.dataHash}, ${request.browserHash}, l.tool_id, l.connection_id,
      l.deployment_id, l.context_id, ${json(request.settings)}::jsonb, ${request.expiresAt}
    from launch l where l.tenant_id = ${tx.tenantId} and l.launch_id = ${request.launchId} and l.state = 'opened'
      and l.tool_id is not null and l.connection_id is not null and l.deployment_id is not null`);
  return stored === 1;
}

interface RequestKey {
  launchId: LaunchId;
  dataHash: Buffer;
  now: Date;
}

/** A request that is open, by the `data` its tool was given. */
export function findRequest(
  tx: TenantTx,
  { launchId, dataHash, now }: RequestKey,
): Promise<OpenRequest | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from lti_deep_link
      where tenant_id = ${tx.tenantId} and launch_id = ${launchId} and data_hash = ${dataHash} and expires_at > ${now}`,
    requestRow,
  );
}

/** Uses a request up: of answers that race for it, one gets it. @returns whether this one did */
export async function useRequest(
  tx: TenantTx,
  { launchId, dataHash, now }: RequestKey,
  browserHash: Buffer,
): Promise<boolean> {
  const used = await tx.exec(sql`
    delete from lti_deep_link
    where tenant_id = ${tx.tenantId} and launch_id = ${launchId} and data_hash = ${dataHash}
      and browser_hash = ${browserHash} and expires_at > ${now}`);
  return used === 1;
}

/** Keeps where links lead that go to the LMS now. */
export async function insertContentItems(
  tx: TenantTx,
  items: readonly ContentItem[],
  now: Date,
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map((item) => ({
    item_id: item.itemId,
    tool_id: item.toolId,
    connection_id: item.connectionId,
    url: item.url,
    custom: item.custom,
  }));
  await tx.exec(sql`
    insert into lti_content_item (tenant_id, item_id, tool_id, connection_id, url, custom, created_at)
    select ${tx.tenantId}, r.*, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb)
      as r(item_id uuid, tool_id uuid, connection_id uuid, url text, custom jsonb)`);
}

const itemRow = z
  .object({
    item_id: z.uuid(),
    tool_id: z.uuid(),
    connection_id: z.uuid(),
    url: z.string(),
    custom: z.record(z.string(), z.string()),
  })
  .transform(
    (row): ContentItem => ({
      itemId: row.item_id,
      toolId: row.tool_id as ToolId,
      connectionId: row.connection_id as ConnectionId,
      url: row.url,
      custom: row.custom,
    }),
  );

/** Those of the items that are there. */
export function findContentItems(tx: TenantTx, itemIds: readonly string[]): Promise<ContentItem[]> {
  return tx.many(
    sql`select item_id, tool_id, connection_id, url, custom from lti_content_item
      where tenant_id = ${tx.tenantId} and item_id = any (${itemIds}::uuid[])`,
    itemRow,
  );
}

export function findContentItem(tx: TenantTx, itemId: string): Promise<ContentItem | undefined> {
  return tx.maybeOne(
    sql`select item_id, tool_id, connection_id, url, custom from lti_content_item
      where tenant_id = ${tx.tenantId} and item_id = ${itemId}`,
    itemRow,
  );
}
