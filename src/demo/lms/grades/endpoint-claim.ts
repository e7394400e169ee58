import type { Launch, LtiClaims } from '../claims.ts';
import { opaqueId } from '../claims.ts';
import type { ToolRegistration } from '../registration.ts';
import { lineItemsUrl, lineItemUrl } from './addresses.ts';
import { endpointClaim, scopes } from './ags.ts';
import type { Gradebook } from './gradebook.ts';

const agsScopes: readonly string[] = Object.values(scopes);

/** The number of a registration in addresses. */
export function typeIdOf(registrations: readonly ToolRegistration[], registration: ToolRegistration): number {
  return registrations.indexOf(registration) + 2;
}

/**
 * What a launch says of the gradebook: nothing to a tool that may not use it. `lineitem` is there when exactly one is
 * coupled to the link. AGS 2.0 §3.1.
 */
export function buildEndpointClaim(
  launch: Launch,
  lms: { baseUrl: string; registrations: readonly ToolRegistration[]; gradebook: Gradebook },
): LtiClaims {
  const registration = lms.registrations.find(({ clientId }) => clientId === launch.clientId);
  const granted = registration?.scopes?.filter((each) => agsScopes.includes(each)) ?? [];
  if (!registration || granted.length === 0) return {};
  const courseId = launch.school.course.id;
  const place = { baseUrl: lms.baseUrl, courseId, typeId: typeIdOf(lms.registrations, registration) };
  const [coupled, ...more] = lms.gradebook.coupledTo(courseId, opaqueId('link', launch.item.id));
  return {
    [endpointClaim]: {
      scope: granted,
      lineitems: lineItemsUrl(place),
      ...(coupled && more.length === 0 ? { lineitem: lineItemUrl(place, coupled.id) } : {}),
    },
  };
}
