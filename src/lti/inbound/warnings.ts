import type { LegacyClaimCheck } from '../legacy/check-claim.ts';
import { quirksOf } from '../quirks.ts';
import type { LaunchContent } from './opening.ts';
import type { ProvenLaunch } from './proven-launch.ts';

/** What a launch is accepted with, and an engineer should still see in its trace. */
export type Warning =
  | 'target_mismatch'
  | 'browser_unproven'
  | 'resource_link_equals_context'
  | 'ags_malformed'
  | 'memberships_malformed'
  | 'roles_left_out'
  | 'custom_left_out'
  | 'lti1p1_sign_wrong';

/** The warnings that are known before the database is asked. */
export function warningsOf(
  { proof, registration }: ProvenLaunch,
  content: Pick<
    LaunchContent,
    'lmsContextId' | 'lmsResourceLinkId' | 'agsMalformed' | 'membershipsMalformed' | 'leftOut'
  > & { legacy: LegacyClaimCheck },
): Warning[] {
  const warnings: Warning[] = [];
  if (proof.rung === 'none') warnings.push('browser_unproven');
  const { resourceLinkMayEqualContext } = quirksOf(registration.family);
  const { lmsResourceLinkId } = content;
  const isCourse = lmsResourceLinkId !== undefined && content.lmsContextId === lmsResourceLinkId;
  if (resourceLinkMayEqualContext && isCourse) {
    warnings.push('resource_link_equals_context');
  }
  if (content.agsMalformed) warnings.push('ags_malformed');
  if (content.membershipsMalformed) warnings.push('memberships_malformed');
  warnings.push(...content.leftOut);
  if (content.legacy === 'sign_wrong') warnings.push('lti1p1_sign_wrong');
  return warnings;
}
