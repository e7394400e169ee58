/** What an operator's token may be for (RFC 6749 §3.3). Writing includes reading. */
export const apiScopes = [
  'rosters:read',
  'rosters:write',
  'identities:read',
  'identities:write',
  'sessions:read',
  'sessions:write',
  'sign-ins:read',
  'people:read',
  'people:write',
  'health:read',
  'health:write',
  'operators:read',
  'operators:write',
  'admins:read',
  'admins:write',
  'break-glass:read',
  'break-glass:write',
  'setup:read',
  'setup:write',
  'tenants:read',
  'tenants:write',
  'launches:read',
  'grades:read',
  'grades:write',
  'lms:read',
  'lms:write',
  'tools:read',
  'tools:write',
  'audit:read',
  'tokens:read',
  'tokens:write',
  'hub:read',
  'hub:write',
] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The scopes of which each is enough where one is asked for, the least right first. */
export function enoughFor(scope: ApiScope): readonly ApiScope[] {
  const write = scope.replace(/:read$/, ':write');
  return apiScopes.filter((each) => each === scope || each === write);
}
