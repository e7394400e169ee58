import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { LtiClaims } from '../../../src/demo/lms/claims.ts';

/** The platform both sides are launched from: one key, made before anything is measured. */
export interface BenchLms {
  jwksUrl: string;
  authorizeUrl: string;
  publicKeyPem: string;
  /** A compact JWS, RS256. */
  sign(claims: LtiClaims): Promise<string>;
  close(): Promise<void>;
}

const signInPool = promisify(
  (text: string, key: Parameters<typeof sign>[2], done: (error: Error | null, signature: Buffer) => void) =>
    sign('RSA-SHA256', Buffer.from(text), key, done),
);

export async function startBenchLms(): Promise<BenchLms> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = 'bench-lms';
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(jwks);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const header = encode({ alg: 'RS256', typ: 'JWT', kid });
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    authorizeUrl: `http://127.0.0.1:${port}/authorize`,
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: async (claims) => {
      const text = `${header}.${encode(claims)}`;
      return `${text}.${(await signInPool(text, privateKey)).toString('base64url')}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
