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
] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The scopes of which each is enough where one is asked for, the least right first. */
export function enoughFor(scope: ApiScope): readonly ApiScope[] {
  const write = scope.replace(/:read$/, ':write');
  return apiScopes.filter((each) => each === scope || each === write);
}
