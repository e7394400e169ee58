import { membershipScope } from '../../../contracts/scopes.ts';
import type { LaunchSnapshot } from '../snapshot.ts';
import { membershipsAddress } from './addresses.ts';

/**
 * The hub's own names and roles claim (NRPS 2.0 §3.6.1.1): the class list at the hub, where the LMS has one and the tool may
 * have it.
 */
export function membershipClaim(
  baseUrl: string,
  opened: { snapshot: LaunchSnapshot; scopes: readonly string[]; contextId: string | null },
): Record<string, unknown> | undefined {
  const { membershipsUrl, tenant } = opened.snapshot;
  if (membershipsUrl === undefined || opened.contextId === null) return undefined;
  if (!opened.scopes.includes(membershipScope)) return undefined;
  return {
    context_memberships_url: membershipsAddress({ baseUrl, slug: tenant.slug, contextId: opened.contextId }),
    service_versions: ['2.0'],
  };
}
