import { isNothing } from '../../platform/absent.ts';
import { claim, type Payload, text } from '../claims.ts';
import type { TokenRefusal } from './refusals.ts';

/** How far a tool's clock may be from ours, in seconds. */
const skew = 60;

/** How far ahead `exp` may lie, in seconds: some tools use a whole hour. */
const longestLife = 3600;

/** How long the used-up assertion is kept past its last moment, in seconds, since the database has a clock of its own. */
const margin = 300;

export interface AssertionExpectations {
  clientId: string;
  /** What `aud` may name: the token endpoint's address and the issuer. */
  audiences: readonly string[];
  /** Unix seconds. */
  now: number;
}

export type AssertionResult =
  | {
      ok: true;
      jti: string;
      /** Unix seconds from when on nobody takes it any more. */
      forgetAt: number;
      deploymentId: string | undefined;
    }
  | { ok: false; refusal: TokenRefusal };

/**
 * Checks the claims of a client assertion whose signature is proven (RFC 7523 §3; Security Framework 1.0 §4.1.1). Whether
 * its `jti` is new is settled by the database.
 */
export function checkAssertion(payload: Payload, expected: AssertionExpectations): AssertionResult {
  const jti = text(payload.jti, 255);
  const deploymentId = payload[claim.deploymentId];
  const refusal =
    checkParties(payload, expected) ??
    checkTimes(payload, expected.now) ??
    (jti === undefined ? 'jti_missing' : undefined) ??
    checkDeployment(deploymentId);
  if (refusal !== undefined || jti === undefined) return { ok: false, refusal: refusal ?? 'jti_missing' };
  const forgetAt = Number(payload.exp) + skew + margin;
  return { ok: true, jti, forgetAt, deploymentId: text(deploymentId, 255) };
}

/** RFC 7523 §3 items 1–3. */
function checkParties(payload: Payload, expected: AssertionExpectations): TokenRefusal | undefined {
  if (payload.iss !== expected.clientId || payload.sub !== expected.clientId) return 'issuer_mismatch';
  const audiences: unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  // Compared character by character (RFC 7523 §3 item 3). Which of the two a tool names depends on its library.
  return expected.audiences.some((audience) => audiences.includes(audience))
    ? undefined
    : 'audience_mismatch';
}

/** RFC 7523 §3 items 4–6; Security Framework 1.0 §4.1.1 requires `iat`. */
function checkTimes({ exp, iat, nbf }: Payload, now: number): TokenRefusal | undefined {
  if (!isTime(exp)) return 'exp_missing';
  if (exp + skew <= now) return 'assertion_expired';
  if (exp > now + longestLife + skew) return 'exp_too_late';
  if (!isTime(iat)) return 'iat_missing';
  if (iat - skew > now) return 'iat_in_future';
  if (!isNothing(nbf) && (!isTime(nbf) || nbf - skew > now)) return 'not_valid_yet';
  return undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** LTI Core §5.3.3: ASCII, at most 255 characters. */
function checkDeployment(deploymentId: unknown): TokenRefusal | undefined {
  // An empty one might be a mistake that widens the token: only null is as good as absent.
  if (deploymentId === undefined || deploymentId === null) return undefined;
  return typeof deploymentId === 'string' && /^[\x20-\x7e]{1,255}$/.test(deploymentId)
    ? undefined
    : 'deployment_invalid';
}
