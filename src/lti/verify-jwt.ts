import { type CryptoKey, compactVerify, errors } from 'jose';
import { DomainError } from '../platform/errors.ts';
import type { Payload } from './claims.ts';
import type { JwksCache, KeySource } from './jwks.ts';
import { checkHeader, type HeaderRefusal } from './jwt-header.ts';

export type JwtRefusal = HeaderRefusal | 'kid_unknown' | 'jwks_unreachable' | 'signature_invalid';

export type Verified = { ok: true; payload: Payload } | { ok: false; reason: JwtRefusal };

/**
 * Proves that an id_token was signed by the platform of this registration, or an assertion by this tool, and by nobody
 * else: the header is checked first, the key comes from this source's key set only, the algorithm is fixed
 * (Security Framework 1.0 §5.1.3 step 1, §5.4).
 */
export async function verifyJwt(token: string, source: KeySource, keys: JwksCache): Promise<Verified> {
  const header = checkHeader(token);
  if (!header.ok) return header;
  try {
    const key = await keys.findKey(source, header.kid);
    if (key === undefined) return { ok: false, reason: 'kid_unknown' };
    let signed = await readSigned(token, key);
    if (signed === undefined) {
      // Some platforms change a key and keep its kid; the cooldown bounds how often this asks.
      const fresh = await keys.refetchAfterBadSignature(source, header.kid);
      if (fresh !== undefined && fresh !== key) signed = await readSigned(token, fresh);
    }
    return signed ?? { ok: false, reason: 'signature_invalid' };
  } catch (error) {
    const reason = error instanceof DomainError ? keyFailures[error.code] : undefined;
    if (reason === undefined) throw error;
    return { ok: false, reason };
  }
}

const keyFailures: Partial<Record<string, JwtRefusal>> = {
  jwks_unavailable: 'jwks_unreachable',
  jwks_missing: 'jwks_unreachable',
  jwks_invalid: 'jwks_unreachable',
};

async function readSigned(token: string, key: CryptoKey): Promise<Verified | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = (await compactVerify(token, key, { algorithms: ['RS256'] })).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    if (error instanceof errors.JOSEError) return { ok: false, reason: 'token_malformed' };
    throw error;
  }
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
    );
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw new SyntaxError();
    return { ok: true, payload: payload as Payload };
  } catch {
    return { ok: false, reason: 'token_malformed' };
  }
}
