import { z } from 'zod';
import { agsScopes, groupScope, membershipScope, noticeScope } from '../../../contracts/scopes.ts';
import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import { createCache } from '../../platform/cache.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import {
  deleteSealedToken,
  findSealedToken,
  listLaunchedScopes,
  placeOfAccessToken,
  type SealedToken,
  saveSealedToken,
  type TokenKey,
} from './access-token-store.ts';
import type { LmsCourse } from './gradebook.ts';
import type { TokenFault } from './token-fault.ts';
import { requestToken, type TokenGrant, type TokenRequestServices } from './token-request.ts';

/** A token at hand. */
export interface HeldToken extends SealedToken {
  token: string;
  /** What it is good for, where the LMS said so. */
  scopes: readonly string[] | undefined;
}

export type TokenOutcome = { ok: true; held: HeldToken } | { ok: false; fault: TokenFault };

/**
 * What a token is asked for. One for everything would be refused whole by LMSs that give class lists and no grades, or the
 * other way round.
 */
export type TokenUse = 'grades' | 'memberships' | 'groups' | 'notices' | 'groupedMemberships';

const scopesOf: Record<TokenUse, readonly string[]> = {
  grades: agsScopes,
  memberships: [membershipScope],
  groups: [groupScope],
  notices: [noticeScope],
  // Class lists that name groups want both rights in one token (LTI Course Groups Service 1.0).
  groupedMemberships: [membershipScope, groupScope],
};

/** What a call of this scope takes its token from, where it does not say. */
export function useOfScope(scope: string): TokenUse {
  const uses = Object.keys(scopesOf) as TokenUse[];
  return uses.find((use) => scopesOf[use].includes(scope)) ?? 'grades';
}

/** Access tokens of LMSs: one for each deployment and set of scopes, shared by all copies of the hub. */
export interface LmsAccessTokens {
  /** @throws DomainError of the hub's own storage or keys */
  get(course: LmsCourse, registration: ServiceRegistration, use?: TokenUse): Promise<TokenOutcome>;
  /** Forgets a token that the LMS has refused; one that has taken its place stays. */
  drop(course: LmsCourse, registration: ServiceRegistration, held: HeldToken, use?: TokenUse): Promise<void>;
  forgetAll(): void;
}

export interface AccessTokenServices extends TokenRequestServices {
  db: Database;
  secrets: Secrets;
}

/** Not used in its last minute, in which the LMS's clock might see it ended. */
const reserveSeconds = 60;
/** Where the LMS does not say (RFC 6749 §5.1 only recommends it). */
const assumedSeconds = 300;
const longestSeconds = 24 * 3600;

/** What is sealed. The version is the registration's: a token of another client or address is of no use. */
const sealedContent = z.object({
  token: z.string(),
  scopes: z.array(z.string()).optional(),
  version: z.number(),
});

export function createLmsAccessTokens(services: AccessTokenServices): LmsAccessTokens {
  const { db, secrets, clock } = services;
  const cache = createCache<TokenOutcome>({
    capacity: 10_000,
    clock,
    // A failure serves those who waited for it and nobody else.
    timeToLiveMs: (outcome) => (outcome.ok ? outcome.held.expiresAt.getTime() - clock.now() : 0),
  });

  async function load(
    course: LmsCourse,
    registration: ServiceRegistration,
    use: TokenUse,
  ): Promise<TokenOutcome> {
    const { tokenUrl } = registration;
    if (tokenUrl === null) {
      return { ok: false, fault: { kind: 'configuration', reason: 'token_url_missing' } };
    }
    const stored = await findStored(keyOf(course, use), course, registration.version);
    if (stored !== undefined) return { ok: true, held: stored };
    const grant = await askInTurn(course, { ...registration, tokenUrl }, use);
    if (!grant.ok) return grant;
    return { ok: true, held: await store(keyOf(course, use), course, registration.version, grant) };
  }

  function findStored(key: TokenKey, course: LmsCourse, version: number): Promise<HeldToken | undefined> {
    return db.withTenant(course.tenantId, async (tx) => {
      const row = await findSealedToken(tx, key, new Date(clock.now()));
      if (row === undefined) return undefined;
      try {
        const opened = await secrets.open(tx, placeOfAccessToken(key), row.sealed);
        const content = sealedContent.parse(JSON.parse(opened.toString()));
        return content.version === version
          ? { ...row, token: content.token, scopes: content.scopes }
          : undefined;
      } catch (error) {
        // Sealed by a key that is lost: a new token takes its place.
        if (error instanceof DomainError && error.code === 'secret_unreadable') return undefined;
        throw error;
      }
    });
  }

  /** Asks for every scope of the service; of AGS, an LMS that refuses the set is asked for those its launches have listed. */
  async function askInTurn(
    course: LmsCourse,
    registration: ServiceRegistration & { tokenUrl: string },
    use: TokenUse,
  ): Promise<TokenGrant> {
    const grant = await requestToken(services, registration, course.deploymentId, scopesOf[use]);
    if (grant.ok || grant.fault.reason !== 'scope_missing' || use !== 'grades') return grant;
    const launched = await db.withTenant(course.tenantId, (tx) => listLaunchedScopes(tx, course));
    const listed = agsScopes.filter((scope) => launched.includes(scope));
    if (listed.length === 0 || listed.length === agsScopes.length) return grant;
    return requestToken(services, registration, course.deploymentId, listed);
  }

  function store(
    key: TokenKey,
    course: LmsCourse,
    version: number,
    grant: TokenGrant & { ok: true },
  ): Promise<HeldToken> {
    const { token, scopes } = grant;
    const expiresAt = new Date(clock.now() + usefulSeconds(grant.expiresIn) * 1000);
    return db.withTenant(course.tenantId, async (tx) => {
      const content = JSON.stringify({ token, scopes, version });
      const sealed = await secrets.seal(tx, placeOfAccessToken(key), content);
      await saveSealedToken(tx, key, { sealed, expiresAt });
      return { token, scopes, sealed, expiresAt };
    });
  }

  return {
    get: async (course, registration, use = 'grades') =>
      cache.get(cacheKeyOf(course, registration.version, use), () => load(course, registration, use)),
    drop: async (course, registration, held, use = 'grades') => {
      // The stored one first: else somebody else would read it back into memory in between.
      await db.withTenant(course.tenantId, (tx) => deleteSealedToken(tx, keyOf(course, use), held.sealed));
      const cacheKey = cacheKeyOf(course, registration.version, use);
      const cached = cache.peek(cacheKey);
      if (cached?.ok && cached.held.token === held.token) cache.invalidate(cacheKey);
    },
    forgetAll: () => cache.clear(),
  };
}

function keyOf({ connectionId, deploymentId }: LmsCourse, use: TokenUse): TokenKey {
  return { connectionId, deploymentId, scopes: scopesOf[use].join(' ') };
}

function cacheKeyOf(
  { tenantId, connectionId, deploymentId }: LmsCourse,
  version: number,
  use: TokenUse,
): string {
  return JSON.stringify([tenantId, connectionId, deploymentId, version, use]);
}

function usefulSeconds(expiresIn = assumedSeconds): number {
  const life = Math.min(expiresIn, longestSeconds);
  return Math.max(life - reserveSeconds, life / 2);
}
