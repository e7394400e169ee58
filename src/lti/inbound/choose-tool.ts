import type { EnabledTool } from '../../tools/tool.ts';
import type { ReasonCode } from '../reasons.ts';
import { isInsideTool, plainPlace, type Target } from './target.ts';

export type ToolChoice =
  | {
      ok: true;
      enabled: EnabledTool;
      target: string;
      /** Custom parameters that the tool has set for this link itself. */
      itemCustom?: Readonly<Record<string, string>>;
    }
  | { ok: false; reason: ReasonCode };

/** The tool a target link leads to, and the place inside it. Without a name in the link a sole tool is meant. */
export function chooseTool(tools: readonly EnabledTool[], target: Target | undefined): ToolChoice {
  if (target === undefined) return { ok: false, reason: 'target_unknown' };
  const fitting = tools.filter(({ tool }) => target.toolSlug === undefined || tool.slug === target.toolSlug);
  const [enabled, ...others] = fitting;
  if (enabled === undefined) return { ok: false, reason: 'tool_not_enabled' };
  if (others.length > 0) return { ok: false, reason: 'tool_ambiguous' };
  const { targetLinkUri } = enabled.tool;
  if (target.to === undefined) return { ok: true, enabled, target: targetLinkUri };
  if (!isInsideTool(target.to, targetLinkUri)) return { ok: false, reason: 'target_unknown' };
  return { ok: true, enabled, target: plainPlace(target.to) };
}
