import { createPublicKey } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import { unlessEmpty } from '../platform/absent.ts';

/** A key that may verify RS256 signatures, imported once. */
export interface SigningKey {
  readonly kid: string;
  /** Bound to RSASSA-PKCS1-v1_5 with SHA-256: no other algorithm can be verified with it. */
  readonly key: CryptoKey;
  /** Equal for equal key material, whatever the kid. */
  readonly fingerprint: string;
}

export type JwkRefusal =
  | 'malformed'
  | 'no_kid'
  | 'duplicate_kid'
  | 'not_rsa'
  | 'not_for_signatures'
  | 'other_algorithm'
  | 'private_key_published'
  | 'too_small'
  | 'too_large';

export type JwkSetReading =
  | {
      readonly kind: 'read';
      readonly keys: ReadonlyMap<string, SigningKey>;
      /** Keys that were left out, with the reason, in the order of the set. */
      readonly refused: readonly { readonly kid: string | undefined; readonly reason: JwkRefusal }[];
    }
  | { readonly kind: 'not_a_set' }
  | { readonly kind: 'too_many_keys' };

/** RFC 7517 §4 and RFC 7518 §6.3.1. Unknown members are ignored, as RFC 7517 §4 asks. */
const jwkSchema = z.object({
  kty: z.string(),
  kid: unlessEmpty(z.string()),
  use: unlessEmpty(z.string()),
  key_ops: unlessEmpty(z.array(z.string())),
  alg: unlessEmpty(z.string()),
  n: unlessEmpty(z.string()),
  e: unlessEmpty(z.string()),
  d: unlessEmpty(z.unknown()),
});
type Jwk = z.infer<typeof jwkSchema>;

const jwkSetSchema = z.object({ keys: z.array(z.unknown()) });

/** RFC 7518 §3.3: at least 2048 bits. The upper end keeps one verification cheap. */
const smallestModulusBits = 2048;
const largestModulusBits = 8192;
/** 2^32 + 1: a longer exponent makes verification slow without making it safer. */
const largestExponent = 2n ** 32n + 1n;

/**
 * Reads a JWK Set (RFC 7517 §5) from a platform or a tool. Keys that cannot verify RS256 are left out
 * and named with their reason; only a document that is not a set, or too big a one, is refused whole.
 * Keys of `previous` with the same material are reused rather than imported again.
 */
export function readJwkSet(
  document: unknown,
  maxKeys: number,
  previous?: ReadonlyMap<string, SigningKey>,
): JwkSetReading {
  const set = jwkSetSchema.safeParse(document);
  if (!set.success) return { kind: 'not_a_set' };
  if (set.data.keys.length > maxKeys) return { kind: 'too_many_keys' };

  const keys = new Map<string, SigningKey>();
  const refused: { kid: string | undefined; reason: JwkRefusal }[] = [];
  for (const candidate of set.data.keys) {
    const jwk = jwkSchema.safeParse(candidate);
    if (!jwk.success) {
      refused.push({ kid: undefined, reason: 'malformed' });
      continue;
    }
    const { kid } = jwk.data;
    // A token names its key by kid (Security Framework 1.0 §6.3), so a key without one is never chosen.
    const result =
      kid === undefined
        ? 'no_kid'
        : keys.has(kid)
          ? 'duplicate_kid'
          : importKey(jwk.data, kid, previous?.get(kid));
    if (typeof result === 'string') refused.push({ kid, reason: result });
    else keys.set(result.kid, result);
  }
  return { kind: 'read', keys, refused };
}

function importKey(jwk: Jwk, kid: string, known: SigningKey | undefined): SigningKey | JwkRefusal {
  if (jwk.kty !== 'RSA') return 'not_rsa';
  // A private key that everybody can read proves nothing about who signed.
  if (jwk.d !== undefined) return 'private_key_published';
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'not_for_signatures';
  if (jwk.key_ops !== undefined && !jwk.key_ops.includes('verify')) return 'not_for_signatures';
  // Brightspace leaves alg out; kty RSA then means RS256, the default of Security Framework 1.0 §5.1.3 step 6.
  if (jwk.alg !== undefined && jwk.alg !== 'RS256') return 'other_algorithm';
  if (jwk.n === undefined || jwk.e === undefined) return 'malformed';

  const fingerprint = `${jwk.n}.${jwk.e}`;
  if (known?.fingerprint === fingerprint) return known;
  return importRsa(jwk.n, jwk.e, kid, fingerprint);
}

function importRsa(n: string, e: string, kid: string, fingerprint: string): SigningKey | JwkRefusal {
  // Size is judged before the import, which costs more the longer the number is.
  if (Buffer.byteLength(n, 'base64url') * 8 > largestModulusBits + 8) return 'too_large';
  try {
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    const { modulusLength = 0, publicExponent = 0n } = publicKey.asymmetricKeyDetails ?? {};
    if (modulusLength < smallestModulusBits) return 'too_small';
    if (modulusLength > largestModulusBits || publicExponent > largestExponent) return 'too_large';
    if (publicExponent < 3n || publicExponent % 2n === 0n) return 'malformed';
    const key = publicKey.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, ['verify']);
    return { kid, key, fingerprint };
  } catch {
    return 'malformed';
  }
}
