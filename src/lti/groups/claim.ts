import { groupScope } from '../../../contracts/scopes.ts';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { claim, type Payload, record } from '../claims.ts';
import type { LaunchSnapshot } from '../snapshot.ts';
import { groupSetsAddress, groupsAddress } from './addresses.ts';

/**
 * Where the LMS lists the groups of the course, from a verified payload (LTI Course Groups Service 1.0). What cannot be
 * read is left out: a launch needs none of it.
 */
export function takeGroups(payload: Payload, rules: AddressRules): LaunchSnapshot['groups'] {
  const given = record(payload[claim.groupsService]);
  const address = (value: unknown) => {
    const parsed = webAddress(rules).safeParse(value);
    return parsed.success ? parsed.data : undefined;
  };
  const groupsUrl = address(given.context_groups_url);
  return groupsUrl === undefined ? undefined : { groupsUrl, setsUrl: address(given.context_group_sets_url) };
}

/** The hub's own claim: the groups at the hub, where the LMS has some and the tool may have them. */
export function groupsClaim(
  baseUrl: string,
  opened: { snapshot: LaunchSnapshot; scopes: readonly string[]; contextId: string | null },
): Record<string, unknown> | undefined {
  const { groups, tenant } = opened.snapshot;
  if (groups === undefined || opened.contextId === null || !opened.scopes.includes(groupScope))
    return undefined;
  const place = { baseUrl, slug: tenant.slug, contextId: opened.contextId };
  return {
    scope: [groupScope],
    context_groups_url: groupsAddress(place),
    ...(groups.setsUrl !== undefined && { context_group_sets_url: groupSetsAddress(place) }),
    service_versions: ['1.0'],
  };
}
