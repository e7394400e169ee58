import { agsScope } from '../../../contracts/scopes.ts';
import { type CoursePlace, lineItemAddress, lineItemsAddress } from '../ags/addresses.ts';
import type { OpenedLaunch } from './hint-store.ts';

/**
 * The hub's own AGS claim (AGS 2.0 §3.1): what the LMS opens with this launch, as far as the tool may have it, at the
 * hub's addresses.
 *
 * @returns undefined where the LMS opens nothing, or nothing the tool may use
 */
export function agsClaim(
  baseUrl: string,
  opened: Pick<OpenedLaunch, 'snapshot' | 'scopes' | 'contextId' | 'lineItemId'>,
): Record<string, unknown> | undefined {
  const { ags, tenant } = opened.snapshot;
  if (ags === undefined || opened.contextId === null) return undefined;
  // Whoever may change line items may read them (AGS 2.0 §3.2), so the hub lets a tool ask for the lesser right alone.
  const granted = ags.scopes.includes(agsScope.lineItem)
    ? [...ags.scopes, agsScope.lineItemReadonly]
    : ags.scopes;
  const scope = opened.scopes.filter((each) => granted.includes(each));
  if (scope.length === 0) return undefined;
  const place: CoursePlace = { baseUrl, slug: tenant.slug, contextId: opened.contextId };
  return {
    scope,
    ...(ags.lineItemsUrl !== undefined && { lineitems: lineItemsAddress(place) }),
    // Exactly one, or none is named.
    ...(opened.lineItemId !== null && { lineitem: lineItemAddress(place, opened.lineItemId) }),
  };
}
