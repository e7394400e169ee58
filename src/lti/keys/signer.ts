import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto';
import { CompactSign, type JWTPayload } from 'jose';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { findSealedSigningKey, placeOfPrivateKey } from './store.ts';

/** Signs as the hub: id_tokens for tools, client assertions for LMSs. */
export interface Signer {
  /**
   * A compact JWS over the claims, signed with RS256 by the key that signs now (RFC 7515 §7.1). The caller sets every
   * claim, times included.
   *
   * @throws DomainError `signing_key_missing`
   */
  sign(claims: JWTPayload): Promise<string>;
  /**
   * The key that signs now, for a library that writes the JWS itself. It cannot be exported.
   *
   * @throws DomainError `signing_key_missing`
   */
  signingKey(): Promise<{ kid: string; key: webcrypto.CryptoKey }>;
  /**
   * Holds the key from now on, so that a signature shortly after cannot lack it.
   *
   * @throws DomainError `signing_key_missing`
   */
  ready(): Promise<void>;
  /** Reads the key again at the next signature: called when a change of the keys is announced. */
  invalidate(): void;
}

export interface SignerOptions {
  db: Pick<Database, 'withHub'>;
  secrets: Secrets;
  clock: Clock;
  /** How long the key is used without looking, in milliseconds: how late a missed announcement can be noticed. */
  ttlMs?: number;
}

interface HeldKey {
  kid: string;
  key: KeyObject;
}

export function createSigner({ db, secrets, clock, ttlMs = 30_000 }: SignerOptions): Signer {
  const cache = createCache<HeldKey>({ capacity: 1, timeToLiveMs: ttlMs, clock });

  function load(): Promise<HeldKey> {
    return db.withHub(async (tx) => {
      const stored = await findSealedSigningKey(tx);
      if (stored === undefined) throw missing();
      const der = await secrets.open(tx, placeOfPrivateKey(stored.kid), stored.sealedPrivateKey);
      return { kid: stored.kid, key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
    });
  }

  return {
    sign: async (claims) => {
      const { kid, key } = await cache.get('signing', load);
      // SignJWT would clone the claims and check times that the callers set.
      const payload = Buffer.from(JSON.stringify(claims));
      return new CompactSign(payload).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key);
    },
    signingKey: async () => {
      const { kid, key } = await cache.get('signing', load);
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
      return { kid, key: key.toCryptoKey(algorithm, false, ['sign']) };
    },
    ready: async () => {
      await cache.get('signing', load);
    },
    invalidate: () => cache.clear(),
  };
}

function missing(): DomainError {
  return new DomainError(
    'internal',
    'signing_key_missing',
    'The hub has no signing key yet. Start it once more, or rotate its keys.',
  );
}
