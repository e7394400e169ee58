import { randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { NewTool } from '../../../src/tools/settings.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import type { TestDatabase } from '../../support/database.ts';
import { by, type HubCopy, type HubWorld } from '../../support/hub.ts';
import { createPublishedKey, type PublishedKey } from '../signing-key.ts';

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const scope = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
};
export const deploymentClaim = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';

/** A tool with keys of its own, as a client of the token endpoint. */
export interface ToolClient {
  tool: Tool;
  key: PublishedKey;
}

/** Registers a tool whose keys are pasted, unless `more` says otherwise. */
export async function addToolClient(
  { database }: TestDatabase,
  more: Partial<NewTool> = {},
): Promise<ToolClient> {
  const key = createPublishedKey('tool-key');
  const tool = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: `tool-${randomUUID().slice(0, 8)}`,
        name: 'Quiz',
        loginInitiationUrl: 'https://quiz.example/login',
        targetLinkUri: 'https://quiz.example/launch',
        redirectUris: ['https://quiz.example/launch'],
        ...(more.jwksUrl === undefined ? { jwks: { keys: [key.jwk as { kty: string }] } } : {}),
        ...more,
      },
      { allowLoopback: true },
      by(),
    ),
  );
  return { tool, key };
}

/** Signs an assertion as a tool should, changed where a test wants it so. A claim set to undefined is left out. */
export function signAssertion(
  world: HubWorld,
  { tool, key }: ToolClient,
  claims: JWTPayload & Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(world.clock.now() / 1000);
  const payload = {
    iss: tool.clientId,
    sub: tool.clientId,
    aud: `${world.hubUrl}/platform/token`,
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
    ...claims,
  };
  const kid = String(key.jwk.kid);
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid, ...header } as JWTHeaderParameters)
    .sign(key.privateKey);
}

export interface TokenReply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The form of a request in order; a parameter set to undefined is left out. */
export function formOf(assertion: string, more: Record<string, string | undefined> = {}): URLSearchParams {
  const all = {
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: assertion,
    scope: scope.score,
    ...more,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given);
}

/** Posts to the token endpoint of a copy that listens on a port of its own. */
export async function post(
  { origin }: Pick<HubCopy, 'origin'>,
  form: URLSearchParams | string,
  headers: Record<string, string> = {},
): Promise<TokenReply> {
  const { port } = new URL(origin);
  const reply = await fetch(`http://127.0.0.1:${port}/platform/token`, {
    method: 'POST',
    body: String(form),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const body = (await reply.json()) as Record<string, unknown>;
  return { status: reply.status, headers: reply.headers, body };
}
