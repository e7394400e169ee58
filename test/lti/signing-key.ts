import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** A platform's key pair as its key set would publish it. */
export interface PublishedKey {
  readonly jwk: Record<string, unknown>;
  readonly privateKey: KeyObject;
}

export function createPublishedKey(kid: string, modulusLength = 2048): PublishedKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return { jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }, privateKey };
}

export function signWith({ privateKey, jwk }: PublishedKey): Promise<string> {
  return new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: String(jwk.kid) }).sign(privateKey);
}
