import { type EndpointContract, isOfTenant } from './endpoint.ts';
import { type ApiScope, apiScopes, enoughFor } from './scopes.ts';

/** What staff of the hub may be. One person may be several. */
export const hubRoles = [
  'viewer',
  'manager',
  'onboarding_admin',
  'integration_engineer',
  'privacy_officer',
  'owner',
] as const;
export type HubRole = (typeof hubRoles)[number];

/** What people of an institution may be: they reach their own tenant and no other. */
export const tenantRoles = ['institution_admin'] as const;
export type TenantRole = (typeof tenantRoles)[number];

export const operatorRoles = [...hubRoles, ...tenantRoles] as const;
export type OperatorRole = (typeof operatorRoles)[number];

const everyone = operatorRoles;
const builders = ['onboarding_admin', 'integration_engineer', 'owner', 'institution_admin'] as const;

/**
 * Who may do what: the whole of it, in one place. A new scope does not compile before somebody has said whose it is. A
 * viewer sees no personal data; what writes includes what reads.
 */
export const rolesOfScope: Readonly<Record<ApiScope, readonly OperatorRole[]>> = {
  'rosters:read': everyone,
  'rosters:write': builders,
  'identities:read': everyone,
  'identities:write': builders,
  'sessions:read': ['integration_engineer', 'privacy_officer', 'owner', 'institution_admin'],
  'sessions:write': ['integration_engineer', 'owner', 'institution_admin'],
  'sign-ins:read': everyone,
  'people:read': ['privacy_officer', 'owner', 'institution_admin'],
  'people:write': ['privacy_officer', 'owner'],
  'health:read': everyone,
  'health:write': ['manager', 'onboarding_admin', 'integration_engineer', 'owner', 'institution_admin'],
  'setup:read': everyone,
  // What is shared with whom is for the institution to agree to, and for nobody in its place.
  'setup:write': ['institution_admin'],
  'tenants:read': everyone,
  'tenants:write': ['onboarding_admin', 'owner'],
  'launches:read': everyone,
  'grades:read': ['integration_engineer', 'onboarding_admin', 'manager', 'owner', 'institution_admin'],
  'grades:write': ['integration_engineer', 'owner'],
  'lms:read': everyone,
  'lms:write': builders,
  'tools:read': everyone,
  'tools:write': ['onboarding_admin', 'integration_engineer', 'privacy_officer', 'owner'],
  'audit:read': ['privacy_officer', 'owner', 'institution_admin'],
  'tokens:read': ['integration_engineer', 'privacy_officer', 'owner'],
  'tokens:write': ['owner'],
  'hub:read': hubRoles,
  'hub:write': ['integration_engineer', 'owner'],
  'operators:read': ['privacy_officer', 'owner'],
  'operators:write': ['owner'],
  'admins:read': ['onboarding_admin', 'privacy_officer', 'owner', 'institution_admin'],
  'admins:write': ['onboarding_admin', 'owner', 'institution_admin'],
  'break-glass:read': ['privacy_officer', 'owner', 'institution_admin'],
  'break-glass:write': ['onboarding_admin', 'integration_engineer', 'privacy_officer', 'owner'],
};

/** What somebody of these roles may do, in the order of the scopes. */
export function scopesOf(roles: readonly OperatorRole[]): ApiScope[] {
  return apiScopes.filter((scope) => rolesOfScope[scope].some((role) => roles.includes(role)));
}

/** What a set-up link may be for. */
export const setupSteps = ['lms', 'identity', 'roster', 'sharing'] as const;
export type SetupStep = (typeof setupSteps)[number];

/** All that somebody may do who came by a set-up link, by its steps. */
export const scopesOfStep: Readonly<Record<SetupStep, readonly ApiScope[]>> = {
  lms: ['setup:read', 'lms:read', 'lms:write', 'launches:read', 'health:read'],
  identity: ['setup:read', 'identities:read', 'identities:write', 'sign-ins:read'],
  roster: ['setup:read', 'rosters:read', 'rosters:write'],
  sharing: ['setup:read', 'setup:write', 'tools:read'],
};

/** What may be raised for a while, with a reason; never who is let in or what others are allowed. */
export const raisableScopes: readonly ApiScope[] = apiScopes.filter(
  (scope) => !/^(operators|admins|break-glass|tokens|hub|setup):/.test(scope),
);

/**
 * What an institution's admin may do as far as staff reach there at all: who reads people only by raised rights, which the
 * institution sees, gives themselves no account there that does without.
 */
export const lentToAdmins: readonly ApiScope[] = scopesOf(['institution_admin']).filter((scope) =>
  raisableScopes.includes(scope),
);

/** What of a contract decides who may call its endpoint. */
export type CallRight = Pick<EndpointContract, 'scope' | 'reach' | 'lends'>;

/**
 * Whether the hub will let somebody who is signed in call an endpoint, as far as their rights decide it.
 *
 * @param scopes what they may do, at the institution that it is about
 * @param ofOneTenant whether they reach one institution and nothing of the whole hub
 */
export function mayCall(
  contract: CallRight,
  { scopes, ofOneTenant }: { scopes: readonly ApiScope[]; ofOneTenant: boolean },
): boolean {
  const { scope, lends = [] } = contract;
  if (scope === 'session' || scope === 'anyone') return true;
  if (ofOneTenant && !isOfTenant(contract)) return false;
  return [scope, ...lends].every((each) => enoughFor(each).some((enough) => scopes.includes(enough)));
}
