/** What an operator's token may be for (RFC 6749 §3.3). Writing includes reading. */
export const apiScopes = ['rosters:read', 'rosters:write'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The scopes of which each is enough where one is asked for, the least right first. */
export function enoughFor(scope: ApiScope): readonly ApiScope[] {
  return scope === 'rosters:read' ? ['rosters:read', 'rosters:write'] : [scope];
}
