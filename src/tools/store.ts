import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { ToolId } from '../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import { presentations, switchStates, type Tool } from './tool.ts';

export const toolColumns = sql`tool.tool_id, tool.slug, tool.name, tool.client_id, tool.login_initiation_url,
  tool.target_link_uri, tool.redirect_uris, tool.jwks_url, tool.jwks, tool.presentation, tool.supports_storage,
  tool.scopes, tool.status, tool.version`;

export const toolFields = z.object({
  tool_id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  client_id: z.string(),
  login_initiation_url: z.string(),
  target_link_uri: z.string(),
  redirect_uris: z.array(z.string()),
  jwks_url: z.string().nullable(),
  jwks: z.custom<JSONWebKeySet>((value) => typeof value === 'object').nullable(),
  presentation: z.enum(presentations),
  supports_storage: z.boolean(),
  scopes: z.array(z.string()),
  status: z.enum(switchStates),
  version: z.number(),
});

const toolRow = toolFields.transform(toTool);

/** A row of `tool` in the program's words. */
export function toTool(row: z.output<typeof toolFields>): Tool {
  return {
    toolId: row.tool_id as ToolId,
    slug: row.slug,
    name: row.name,
    clientId: row.client_id,
    loginInitiationUrl: row.login_initiation_url,
    targetLinkUri: row.target_link_uri,
    redirectUris: row.redirect_uris,
    jwksUrl: row.jwks_url,
    jwks: row.jwks,
    presentation: row.presentation,
    supportsStorage: row.supports_storage,
    scopes: row.scopes,
    status: row.status,
    version: row.version,
  };
}

/** Every tool, by slug. */
export function listTools(tx: TenantTx | HubTx): Promise<Tool[]> {
  return tx.many(sql`select ${toolColumns} from tool order by slug`, toolRow);
}

export function findTool(tx: TenantTx | HubTx, toolId: ToolId): Promise<Tool | undefined> {
  return findToolWhere(tx, sql`tool_id = ${toolId}`);
}

export function findToolBySlug(tx: TenantTx | HubTx, slug: string): Promise<Tool | undefined> {
  return findToolWhere(tx, sql`slug = ${slug}`);
}

export function findToolByClientId(tx: TenantTx | HubTx, clientId: string): Promise<Tool | undefined> {
  return findToolWhere(tx, sql`client_id = ${clientId}`);
}

/** The tool, its row locked until the end of the transaction. */
export function findToolForUpdate(tx: HubTx, toolId: ToolId): Promise<Tool | undefined> {
  return findToolWhere(tx, sql`tool_id = ${toolId} for update`);
}

function findToolWhere(tx: TenantTx | HubTx, condition: Sql): Promise<Tool | undefined> {
  return tx.maybeOne(sql`select ${toolColumns} from tool where ${condition}`, toolRow);
}

/** @throws the database's unique violation `tool_slug_key` */
export async function insertTool(tx: HubTx, tool: Tool, now: number): Promise<void> {
  const at = new Date(now);
  await tx.exec(sql`
    insert into tool (tool_id, slug, name, client_id, login_initiation_url, target_link_uri, redirect_uris,
      jwks_url, jwks, presentation, supports_storage, scopes, status, version, created_at, changed_at)
    values (${tool.toolId}, ${tool.slug}, ${tool.name}, ${tool.clientId}, ${tool.loginInitiationUrl},
      ${tool.targetLinkUri}, ${tool.redirectUris}, ${tool.jwksUrl}, ${tool.jwks && json(tool.jwks)},
      ${tool.presentation}, ${tool.supportsStorage}, ${tool.scopes}, ${tool.status}, ${tool.version},
      ${at}, ${at})`);
}

/**
 * Writes every changeable field, and the version given.
 *
 * @throws the database's unique violation `tool_slug_key`
 */
export async function saveTool(tx: HubTx, tool: Tool, now: number): Promise<void> {
  await tx.exec(sql`
    update tool set slug = ${tool.slug}, name = ${tool.name}, login_initiation_url = ${tool.loginInitiationUrl},
      target_link_uri = ${tool.targetLinkUri}, redirect_uris = ${tool.redirectUris}, jwks_url = ${tool.jwksUrl},
      jwks = ${tool.jwks && json(tool.jwks)}, presentation = ${tool.presentation},
      supports_storage = ${tool.supportsStorage}, scopes = ${tool.scopes}, status = ${tool.status},
      version = ${tool.version}, changed_at = ${new Date(now)}
    where tool_id = ${tool.toolId}`);
}
