import { type Payload, record } from './claims.ts';

export type HeaderRefusal = 'token_malformed' | 'alg_refused' | 'header_refused' | 'kid_missing';

export type HeaderResult = { ok: true; kid: string } | { ok: false; reason: HeaderRefusal };

/** Header fields that would let a token bring its own key (Security Framework 1.0 §5.4; RFC 7515 §4.1). */
const refusedFields = ['jku', 'jwk', 'x5u', 'x5c', 'crit'];

/**
 * What the header of an id_token or of a tool's assertion must say before its signature is looked at. The algorithm is ours to choose, never
 * the token's (Security Framework 1.0 §5.1.3 step 6; RFC 8725 §3.1).
 */
export function checkHeader(token: string): HeaderResult {
  const header = decodePart(token.split('.')[0]);
  if (header === undefined || token.split('.').length !== 3) return { ok: false, reason: 'token_malformed' };
  if (header.alg !== 'RS256') return { ok: false, reason: 'alg_refused' };
  if (refusedFields.some((field) => field in header)) return { ok: false, reason: 'header_refused' };
  // Security Framework 1.0 §5.1.1.2, §6.3: whoever signs MUST name the key.
  if (typeof header.kid !== 'string' || header.kid === '' || header.kid.length > 500) {
    return { ok: false, reason: 'kid_missing' };
  }
  return { ok: true, kid: header.kid };
}

/**
 * What a token says of itself before anything is proven: only good to find out whose key has to fit. Undefined when it is
 * no JSON object.
 */
export function peekPayload(token: string): Payload | undefined {
  return decodePart(token.split('.')[1]);
}

function decodePart(part: string | undefined): Payload | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? record(value) : undefined;
  } catch {
    return undefined;
  }
}
