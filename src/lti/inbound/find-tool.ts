import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import type { LtiServices } from '../services.ts';
import { chooseTool, type ToolChoice } from './choose-tool.ts';
import type { Target } from './target.ts';

/**
 * The tool a target link leads to, and the place inside it. Where the link came by deep linking, the place is what the tool
 * has handed over for it.
 */
export async function findTool(
  { contentItems }: Pick<LtiServices, 'contentItems'>,
  tenantId: TenantId,
  tools: readonly EnabledTool[],
  target: Target | undefined,
  connectionId: ConnectionId,
): Promise<ToolChoice> {
  const choice = chooseTool(tools, target);
  if (!choice.ok || target?.item === undefined) return choice;
  const item = await contentItems.find(tenantId, target.item);
  // A link that was made in another LMS of the school was chosen for that one.
  const fits = item?.toolId === choice.enabled.tool.toolId && item.connectionId === connectionId;
  if (!fits) return { ok: false, reason: 'target_unknown' };
  return { ...choice, target: item.url, itemCustom: item.custom };
}
