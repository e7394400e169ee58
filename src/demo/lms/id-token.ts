import { createHmac } from 'node:crypto';
import type { JWTHeaderParameters } from 'jose';
import { SignJWT } from 'jose';
import { defined } from '../../platform/defined.ts';
import type { LtiClaims } from './claims.ts';
import type { SigningKey } from './signing-keys.ts';

/** How a token departs from a well-signed one. */
export interface SigningOptions {
  /** Signs with this key instead of the LMS's current one (for instance one that was never published). */
  key?: SigningKey;
  /** Merged over the protected header; `undefined` removes a parameter. */
  header?: Readonly<Record<string, unknown>>;
  /** `none` leaves the signature out; `HS256` signs with the public key's PEM as the secret. */
  algorithm?: 'RS256' | 'none' | 'HS256';
}

/** Signs claims as a compact JWS (RFC 7515), RS256 with a kid unless the options say otherwise. */
export async function signClaims(
  claims: LtiClaims,
  currentKey: SigningKey,
  options: SigningOptions = {},
): Promise<string> {
  const key = options.key ?? currentKey;
  const algorithm = options.algorithm ?? 'RS256';
  const header: LtiClaims = defined({ alg: algorithm, typ: 'JWT', kid: key.kid, ...options.header });
  if (algorithm === 'RS256' && header.alg === 'RS256' && header.crit === undefined) {
    return new SignJWT(defined(claims))
      .setProtectedHeader(header as JWTHeaderParameters)
      .sign(key.privateKey);
  }
  return signForged(header, defined(claims), algorithm, key);
}

/** A token that no honest library makes: the parts are put together by hand. */
async function signForged(
  header: LtiClaims,
  claims: LtiClaims,
  algorithm: 'RS256' | 'none' | 'HS256',
  key: SigningKey,
): Promise<string> {
  const input = `${encode(header)}.${encode(claims)}`;
  if (algorithm === 'none') return `${input}.`;
  if (algorithm === 'HS256') {
    return `${input}.${createHmac('sha256', key.publicPem).update(input).digest('base64url')}`;
  }
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

function encode(part: LtiClaims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
