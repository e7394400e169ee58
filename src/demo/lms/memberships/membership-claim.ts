import type { Launch, LtiClaims } from '../claims.ts';
import { typeIdOf } from '../grades/endpoint-claim.ts';
import type { ToolRegistration } from '../registration.ts';
import { membershipClaim, membershipScope, membershipsUrl } from './nrps.ts';

/** What a launch says of the class list: nothing to a tool that may not read it. NRPS 2.0 §3.6.1.1. */
export function buildMembershipClaim(
  launch: Launch,
  lms: { baseUrl: string; registrations: readonly ToolRegistration[] },
): LtiClaims {
  const registration = lms.registrations.find(({ clientId }) => clientId === launch.clientId);
  if (!registration?.scopes?.includes(membershipScope)) return {};
  const typeId = typeIdOf(lms.registrations, registration);
  return {
    [membershipClaim]: {
      context_memberships_url: membershipsUrl(lms.baseUrl, launch.school, typeId),
      service_versions: ['2.0'],
    },
  };
}
