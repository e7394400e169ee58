import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A signature key of a provider. */
export interface ProviderKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  /** As a key set publishes it. */
  jwk: JWK;
}

export async function makeKey(kid: string, alg = 'RS256'): Promise<ProviderKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
