import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { Agent, request } from 'undici';

/** Undefined: the connection broke or no answer came in time, and nobody knows what the hub did. */
export type PostAnswer = { status: number; body: string } | undefined;

/** The tool at the hub: it gets its tokens and posts scores to any of the copies. */
export interface ToolClient {
  /** Posts once, to one copy. */
  postScore(path: string, body: string): Promise<PostAnswer>;
  close(): Promise<void>;
}

export interface ToolKey {
  jwks: JSONWebKeySet;
  sign(claims: Record<string, string>): Promise<string>;
}

export async function createToolKey(): Promise<ToolKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const header = { alg: 'RS256', kid: 'tool-key' };
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: header.kid, alg: header.alg, use: 'sig' }] },
    sign: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader(header)
        .setIssuedAt()
        .setExpirationTime('5m')
        .setJti(randomUUID())
        .sign(privateKey),
  };
}

const scoreScope = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const scoreType = 'application/vnd.ims.lis.v1.score+json';

/** @param origins of the copies that serve; @param hubUrl what the hub calls itself */
export function createToolClient(options: {
  origins: readonly string[];
  hubUrl: string;
  clientId: string;
  key: ToolKey;
}): ToolClient {
  const { origins, hubUrl, clientId, key } = options;
  const dispatcher = new Agent({
    connections: 16,
    headersTimeout: 8_000,
    bodyTimeout: 8_000,
    connectTimeout: 2_000,
  });
  let token: Promise<string> | undefined;

  const post = async (path: string, type: string, body: string, headers: Record<string, string> = {}) => {
    const url = `${origins[randomInt(origins.length)]}${path}`;
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
        dispatcher,
      });
      return { status: answer.statusCode, body: await answer.body.text() };
    } catch {
      return undefined;
    }
  };

  /** Security Framework §4.1: client credentials, proven by a signed assertion. */
  const getToken = async (): Promise<string> => {
    for (;;) {
      const assertion = await key.sign({ iss: clientId, sub: clientId, aud: `${hubUrl}/platform/token` });
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope: scoreScope,
      });
      const answer = await post('/platform/token', 'application/x-www-form-urlencoded', form.toString());
      if (answer?.status === 200) return (JSON.parse(answer.body) as { access_token: string }).access_token;
      // Clocks may disagree for a while; another copy, or the same one later, will believe it.
      if (answer !== undefined && answer.status < 500 && answer.status !== 401) {
        throw new Error(`The hub refuses the tool a token: ${answer.status} ${answer.body}`);
      }
      await delay(50);
    }
  };

  return {
    postScore: async (path, body) => {
      token ??= getToken();
      const held = token;
      const answer = await post(path, scoreType, body, { authorization: `Bearer ${await held}` });
      if (answer?.status === 401 && token === held) token = undefined;
      return answer;
    },
    close: () => dispatcher.destroy(),
  };
}
