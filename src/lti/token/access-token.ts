import { createSecretKey, hash, hkdfSync, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { ToolId } from '../../../contracts/ids.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import { claim } from '../claims.ts';

/** What an access token of the hub says: which tool calls, and what it may do. Tokens are per tool, not per course. */
export interface AccessGrant {
  toolId: ToolId;
  clientId: string;
  scopes: readonly string[];
  /** The enablement (its deployment_id) the token is narrowed to (LTI Core §6.2.1), else every one of the tool. */
  deploymentId: string | undefined;
}

/** Why a bearer token is not taken; `insufficient_scope` is the caller's to say (RFC 6750 §3.1). */
export type BearerRefusal = 'token_missing' | 'token_invalid' | 'token_expired';

export type BearerReading = { ok: true; grant: AccessGrant } | { ok: false; refusal: BearerRefusal };

/** Issues and reads the hub's own access tokens. They are signed, so reading one asks no database. */
export interface AccessTokens {
  /** @returns the token and its life in seconds */
  issue(grant: AccessGrant): Promise<{ token: string; expiresIn: number }>;
  /** @param authorization the header's value */
  read(authorization: string | undefined): Promise<BearerReading>;
}

/** How long a tool is told that its token lives, in seconds. */
const life = 3600;

/**
 * How much longer one is taken, in seconds (RFC 7519 §4.1.4): tools count from when the answer reached them, and the
 * clocks of the hub's copies differ. A score sent in that moment would be refused, and some tools never send it again.
 */
const leeway = 60;

/** Tokens kept as verified, a few hundred bytes each. A tool has a few at a time. */
const rememberedTokens = 10_000;

/** RFC 9068 §2.2, with the LTI claim that narrows. `sub` names the client as the hub does. */
const claims = z.object({
  sub: z.uuid().transform((id) => id as ToolId),
  client_id: z.string(),
  scope: z.string(),
  exp: z.number(),
  [claim.deploymentId]: z.string().optional(),
});

/**
 * Access tokens as JWTs (RFC 9068), signed with a key that every copy derives from the hub's secret. A token that was
 * verified once is known again by its hash until it expires, since a tool sends one with every score.
 *
 * @param secret at least 32 bytes that every copy shares
 */
export function createAccessTokens(options: { secret: Buffer; issuer: string; clock: Clock }): AccessTokens {
  const { secret, issuer, clock } = options;
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'gatehouse access token', 32)));
  const verified = createCache<{ grant: AccessGrant; expiresAt: number }>({
    capacity: rememberedTokens,
    timeToLiveMs: ({ expiresAt }) => expiresAt - clock.now(),
    clock,
  });

  async function verify(token: string): Promise<{ grant: AccessGrant; expiresAt: number } | BearerRefusal> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        // RFC 9068 §4: no other JWT of ours is taken for an access token.
        typ: 'at+jwt',
        issuer,
        audience: issuer,
        clockTolerance: leeway,
        currentDate: new Date(clock.now()),
      });
      const { sub, client_id, scope, exp, [claim.deploymentId]: deploymentId } = claims.parse(payload);
      return {
        grant: { toolId: sub, clientId: client_id, scopes: scope.split(' '), deploymentId },
        expiresAt: (exp + leeway) * 1000,
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'token_expired';
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return 'token_invalid';
      throw error;
    }
  }

  return {
    issue: async ({ toolId, clientId, scopes, deploymentId }) => {
      const now = Math.floor(clock.now() / 1000);
      const token = await new SignJWT({
        client_id: clientId,
        scope: scopes.join(' '),
        ...(deploymentId === undefined ? {} : { [claim.deploymentId]: deploymentId }),
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(toolId)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + life)
        .sign(key);
      return { token, expiresIn: life };
    },

    read: async (authorization) => {
      const token = bearerOf(authorization);
      if (token === undefined) return { ok: false, refusal: 'token_missing' };
      const name = hash('sha256', token, 'base64url');
      const known = verified.peek(name);
      if (known !== undefined) return { ok: true, grant: known.grant };
      const found = await verify(token);
      if (typeof found === 'string') return { ok: false, refusal: found };
      verified.set(name, found);
      return { ok: true, grant: found.grant };
    },
  };
}

/** RFC 6750 §2.1; RFC 9110 §11.1: the scheme's case does not matter. */
function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}
