import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';

/** A public signing key as the key set shows it (RFC 7517 §4, RFC 7518 §6.3.1). */
export const publicJwk = z.strictObject({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  kid: z.string(),
  alg: z.literal('RS256'),
  use: z.literal('sig'),
});
export type PublicJwk = z.infer<typeof publicJwk>;

export interface NewSigningKey {
  jwk: PublicJwk;
  /** PKCS #8 in DER. */
  privateKey: Buffer;
}

const rsaNumbers = z.object({ n: z.string(), e: z.string() });
const generate = promisify(generateKeyPair);

/**
 * A new RSA key of 2048 bits, made off the event loop, for RS256 (1EdTech Security Framework §6.1). No two keys share
 * a kid (§6.3), since it is the key's thumbprint (RFC 7638).
 */
export async function generateSigningKey(): Promise<NewSigningKey> {
  const pair = await generate('rsa', { modulusLength: 2048 });
  const { n, e } = rsaNumbers.parse(pair.publicKey.export({ format: 'jwk' }));
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n, e });
  // A kid is named on command lines, where it would be taken for an option.
  if (kid.startsWith('-')) return generateSigningKey();
  return {
    jwk: { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' },
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}
