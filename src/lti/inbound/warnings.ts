import { quirksOf } from '../quirks.ts';
import type { ProvenLaunch } from './proven-launch.ts';

/** What a launch is accepted with, and an engineer should still see in its trace. */
export type Warning =
  | 'target_mismatch'
  | 'browser_unproven'
  | 'resource_link_equals_context'
  | 'ags_malformed';

/** The warnings that are known before the database is asked. */
export function warningsOf(
  { proof, registration }: ProvenLaunch,
  content: { lmsContextId?: string | undefined; lmsResourceLinkId: string; agsMalformed: boolean },
): Warning[] {
  const warnings: Warning[] = [];
  if (proof.rung === 'none') warnings.push('browser_unproven');
  const { resourceLinkMayEqualContext } = quirksOf(registration.family);
  if (resourceLinkMayEqualContext && content.lmsContextId === content.lmsResourceLinkId) {
    warnings.push('resource_link_equals_context');
  }
  if (content.agsMalformed) warnings.push('ags_malformed');
  return warnings;
}
