import { randomUUID } from 'node:crypto';
import type { CryptoKey, JSONWebKeySet, JWTPayload } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The tool's own key: what it says to the platform's token endpoint is signed with it. */
export interface ToolSigner {
  /** The public half, as the platform fetches it. */
  keySet(): Promise<JSONWebKeySet>;
  sign(claims: JWTPayload): Promise<string>;
}

/** Makes the key when it is first needed. It ends with the process; the platform fetches the key set again. */
export function createToolSigner(): ToolSigner {
  let made: Promise<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey }> | undefined;
  const key = () => {
    made ??= makeKey();
    return made;
  };
  return {
    async keySet() {
      const { kid, publicKey } = await key();
      return { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] };
    },
    async sign(claims) {
      const { kid, privateKey } = await key();
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);
    },
  };
}

async function makeKey() {
  const pair = await generateKeyPair('RS256', { modulusLength: 2048 });
  return { kid: randomUUID(), ...pair };
}
