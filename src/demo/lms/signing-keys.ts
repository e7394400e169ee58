import { randomUUID } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';

/** One RSA-2048 key pair of the simulated LMS. */
export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
  /** SubjectPublicKeyInfo in PEM: what an algorithm-confusion attack uses as an HMAC secret. */
  publicPem: string;
}

/** The key set of the simulated LMS: the newest key signs, earlier ones stay published until retired. */
export interface KeyRing {
  current(): SigningKey;
  jwks(): { keys: JWK[] };
  /** Publishes a new key and signs with it from now on. */
  rotate(): Promise<SigningKey>;
  /** Stops publishing every key but the current one. */
  retireOld(): void;
}

/** Makes an RSA-2048 key pair; Security Framework 1.0 §5.1.3 expects RS256. */
export async function createSigningKey(kid: string = randomUUID()): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', {
    modulusLength: 2048,
    extractable: true,
  });
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, publicJwk, publicPem: await exportSPKI(publicKey) };
}

/** A key ring that starts with the given key, or with a new one. */
export async function createKeyRing(first?: SigningKey): Promise<KeyRing> {
  let current = first ?? (await createSigningKey());
  let keys = [current];
  return {
    current: () => current,
    jwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
    async rotate() {
      current = await createSigningKey();
      keys = [...keys, current];
      return current;
    },
    retireOld() {
      keys = [current];
    },
  };
}
