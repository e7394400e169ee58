import { createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { LtiClaims } from '../../../src/demo/lms/claims.ts';

/** Makes a compact JWS, RS256. */
export type LmsSigner = (claims: LtiClaims) => Promise<string>;

export const lmsKeyId = 'bench-lms';

const signInPool = promisify(
  (text: string, key: Parameters<typeof sign>[2], done: (error: Error | null, signature: Buffer) => void) =>
    sign('RSA-SHA256', Buffer.from(text), key, done),
);

export function createLmsSigner(privateKeyPem: string): LmsSigner {
  const privateKey = createPrivateKey(privateKeyPem);
  const header = encode({ alg: 'RS256', typ: 'JWT', kid: lmsKeyId });
  return async (claims) => {
    const text = `${header}.${encode(claims)}`;
    return `${text}.${(await signInPool(text, privateKey)).toString('base64url')}`;
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
