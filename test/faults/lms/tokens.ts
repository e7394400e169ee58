import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';

export interface TokenRequest {
  clientId: string;
  /** What the assertion's `aud` must hold. */
  tokenUrl: string;
}

/** Gives out access tokens as the 1EdTech Security Framework §4.1 says, and knows them again. */
export interface LmsTokens {
  /** @returns undefined where the client is not proven */
  give(form: URLSearchParams, expected: TokenRequest): Promise<{ token: string; scope: string } | undefined>;
  holds(authorization: string | undefined, scope: string): boolean;
  /** As a restarted LMS, or one whose administrator has revoked them. */
  forget(): void;
}

const lifeMs = 3_600_000;

/** @param keySetUrls where the hub's public keys are, at one copy or another */
export function createLmsTokens(keySetUrls: readonly string[]): LmsTokens {
  const tokens = new Map<string, { scopes: string[]; until: number }>();
  const usedIds = new Set<string>();
  let keys: JSONWebKeySet | undefined;

  const verify = async (assertion: string, { clientId, tokenUrl }: TokenRequest) => {
    // Simulated time runs ahead, and is no matter of this LMS.
    const options = { issuer: clientId, subject: clientId, audience: tokenUrl, clockTolerance: 40 * 86_400 };
    keys ??= await fetchKeySet(keySetUrls);
    try {
      return await jwtVerify(assertion, createLocalJWKSet(keys), options);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      keys = await fetchKeySet(keySetUrls);
      return jwtVerify(assertion, createLocalJWKSet(keys), options);
    }
  };

  return {
    give: async (form, expected) => {
      if (form.get('grant_type') !== 'client_credentials') return undefined;
      const { payload } = await verify(form.get('client_assertion') ?? '', expected);
      const { jti, exp, iat } = payload;
      if (jti === undefined || exp === undefined || iat === undefined || usedIds.has(jti)) return undefined;
      usedIds.add(jti);
      const scope = form.get('scope') ?? '';
      const token = randomBytes(24).toString('base64url');
      tokens.set(token, { scopes: scope.split(' '), until: Date.now() + lifeMs });
      return { token, scope };
    },
    holds: (authorization, scope) => {
      const held = tokens.get(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
      return held !== undefined && held.until > Date.now() && held.scopes.includes(scope);
    },
    forget: () => tokens.clear(),
  };
}

async function fetchKeySet(urls: readonly string[]): Promise<JSONWebKeySet> {
  return Promise.any(
    urls.map(async (url) => {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (!response.ok) throw new Error(`The hub's key set answers ${response.status}`);
      return (await response.json()) as JSONWebKeySet;
    }),
  );
}
