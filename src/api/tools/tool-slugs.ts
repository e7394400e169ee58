import type { ToolId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { getToolBySlug, listTools } from '../../tools/tools.ts';

/** Short names of tools, by their ids: what people know tools by. */
export async function readToolSlugs(tx: TenantTx | HubTx): Promise<ReadonlyMap<string, string>> {
  return new Map((await listTools(tx)).map(({ toolId, slug }) => [toolId, slug]));
}

/** The id of a tool that was named. @throws DomainError not_found `tool_unknown` */
export async function readToolId(
  tx: TenantTx | HubTx,
  slug: string | undefined,
): Promise<ToolId | undefined> {
  return slug === undefined ? undefined : (await getToolBySlug(tx, slug)).toolId;
}
