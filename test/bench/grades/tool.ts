import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type JSONWebKeySet, SignJWT } from 'jose';
import { request } from 'undici';
import { agsScopes } from '../../../contracts/scopes.ts';

/** The tool's keys, with which it asks for access tokens. */
export interface ToolKeys {
  jwks: JSONWebKeySet;
  privateKey: KeyObject;
}

const keyId = 'bench-tool';

export function createToolKeys(): ToolKeys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' };
  return { jwks: { keys: [key] } as JSONWebKeySet, privateKey };
}

/** Asks the hub for an access token, as a tool does (Security Framework 1.0 §4.1). */
export async function fetchToolToken(
  origin: string,
  hubUrl: string,
  clientId: string,
  { privateKey }: ToolKeys,
): Promise<string> {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: keyId })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`${hubUrl}/platform/token`)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);
  const { statusCode, body } = await request(`${origin}/platform/token`, {
    method: 'POST',
    headers: { host: new URL(hubUrl).host, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: agsScopes.join(' '),
    }).toString(),
  });
  const answer = (await body.json()) as { access_token?: string };
  if (statusCode !== 200 || answer.access_token === undefined) {
    throw new Error(`The hub gave no token: ${statusCode} ${JSON.stringify(answer)}`);
  }
  return answer.access_token;
}
