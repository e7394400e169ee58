import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { ltiClaim } from '../claims.ts';
import type { ToolDeployment, ToolRegistration } from '../registration.ts';

/** Who asks for a token, or why that is not believed. */
export type AssertionCheck =
  | { ok: true; registration: ToolRegistration; deployment: ToolDeployment | undefined }
  | { ok: false; description: string };

export interface AssertionChecks {
  check(assertion: string, now: number): Promise<AssertionCheck>;
}

/** The longest an assertion may live. */
const longestSeconds = 3600;

/**
 * Checks client assertions (RFC 7523 §3, Security Framework 1.0 §4.1.1). Each is good once.
 *
 * @param tokenUrl the audience that assertions must name
 */
export function createAssertionChecks(options: {
  tokenUrl: string;
  registrations: readonly ToolRegistration[];
  fetch: typeof fetch;
}): AssertionChecks {
  const { tokenUrl, registrations } = options;
  const keySets = new Map<string, JWTVerifyGetKey>();
  const used = new Map<string, number>();

  function keySetAt(url: string): JWTVerifyGetKey {
    // Without a cooldown: a tool that has just changed its key is understood at once.
    const settings = { [customFetch]: options.fetch, cooldownDuration: 0 };
    const keySet = keySets.get(url) ?? createRemoteJWKSet(new URL(url), settings);
    keySets.set(url, keySet);
    return keySet;
  }

  /** False when it has been used before. Assertions are forgotten when they have expired. */
  function use(id: string, expiresAt: number, now: number): boolean {
    for (const [known, end] of used) if (end < now) used.delete(known);
    if (used.has(id)) return false;
    used.set(id, expiresAt);
    return true;
  }

  return {
    async check(assertion, now) {
      const registration = registrations.find(({ clientId }) => clientId === findSubject(assertion));
      if (registration?.jwksUrl === undefined) return refuse('The client is unknown, or has no keys here.');
      let claims: JWTPayload;
      try {
        const { payload } = await jwtVerify(assertion, keySetAt(registration.jwksUrl), {
          algorithms: ['RS256'],
          issuer: registration.clientId,
          subject: registration.clientId,
          audience: tokenUrl,
          requiredClaims: ['exp', 'iat', 'jti'],
          clockTolerance: 30,
          currentDate: new Date(now),
        });
        claims = payload;
      } catch (error) {
        return refuse(`The assertion is not good: ${error instanceof Error ? error.message : 'unreadable'}.`);
      }
      const { jti = '', exp = 0, iat = 0 } = claims;
      if (iat > now / 1000 + 60) return refuse('The assertion comes from the future.');
      if (exp > now / 1000 + longestSeconds + 60) return refuse('The assertion lives longer than an hour.');
      // RFC 7523 §3 (7): not a second time while it would be good.
      if (!use(`${registration.clientId} ${jti}`, (exp + 60) * 1000, now)) {
        return refuse('The jti of the assertion has been used.');
      }
      const deploymentId = claims[ltiClaim('deployment_id')];
      const deployment = registration.deployments.find((one) => one.deploymentId === deploymentId);
      // Core 1.3 §6.2.1: the deployment that the token is for.
      if (deploymentId !== undefined && !deployment) return refuse('The deployment_id is unknown.');
      return { ok: true, registration, deployment };
    },
  };
}

function findSubject(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

function refuse(description: string): AssertionCheck {
  return { ok: false, description };
}
