import { randomBytes } from 'node:crypto';

/** What a bearer of an access token may do. */
export interface Grant {
  clientId: string;
  /** The only school it reaches; undefined: each that the tool is deployed to. */
  school: string | undefined;
  scopes: readonly string[];
}

/** Access tokens in memory: they end with the process, and tools have to cope with that. */
export interface AccessTokens {
  issue(grant: Grant, now: number): string;
  find(token: string, now: number): Grant | undefined;
}

/** Seconds that an access token lives. */
export const tokenLifetime = 3600;

export function createAccessTokens(): AccessTokens {
  const issued = new Map<string, { grant: Grant; expiresAt: number }>();
  return {
    issue(grant, now) {
      // Tokens live equally long, so the oldest come first.
      for (const [token, { expiresAt }] of issued) {
        if (expiresAt > now) break;
        issued.delete(token);
      }
      const token = randomBytes(24).toString('base64url');
      issued.set(token, { grant, expiresAt: now + tokenLifetime * 1000 });
      return token;
    },
    find(token, now) {
      const found = issued.get(token);
      return found && found.expiresAt > now ? found.grant : undefined;
    },
  };
}
