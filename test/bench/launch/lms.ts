import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLmsSigner, type LmsSigner, lmsKeyId } from './lms-signer.ts';

/** The platform both sides are launched from: one key, made before anything is measured. */
export interface BenchLms {
  jwksUrl: string;
  authorizeUrl: string;
  publicKeyPem: string;
  /** For a process that signs by itself. */
  privateKeyPem: string;
  sign: LmsSigner;
  close(): Promise<void>;
}

export async function startBenchLms(): Promise<BenchLms> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: lmsKeyId, alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(jwks);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    authorizeUrl: `http://127.0.0.1:${port}/authorize`,
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    privateKeyPem,
    sign: createLmsSigner(privateKeyPem),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
