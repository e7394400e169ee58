import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { endpointClaim, mediaTypes, scopes } from '../../../src/demo/lms/grades/ags.ts';
import type { Gradebook } from '../../../src/demo/lms/grades/gradebook.ts';
import { createSigningKey, type SigningKey } from '../../../src/demo/lms/signing-keys.ts';
import { createSimulatedLms, type SimulatedLms } from '../../../src/demo/lms/simulated-lms.ts';
import { createLoopbackFetch } from '../../../src/demo/loopback-fetch.ts';

/** A tool as the LMS sees it: one that calls its services. */
export interface ServiceClient {
  clientId: string;
  key: SigningKey;
}

/** The simulated LMS by itself, with two tools deployed to both schools. */
export interface LmsAlone {
  lms: SimulatedLms;
  client: ServiceClient;
  other: ServiceClient;
  close(): Promise<void>;
}

export interface LmsAloneOptions {
  now?: () => number;
  gradebook?: Gradebook;
}

const loopbackFetch = createLoopbackFetch();

export async function startLmsAlone(options: LmsAloneOptions = {}): Promise<LmsAlone> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = { clientId: 'client', key: await createSigningKey() };
  const other = { clientId: 'other', key: await createSigningKey() };
  const keySets = [client, other].map(
    ({ clientId, key }) => [`https://${clientId}.example/keys`, key] as const,
  );
  const lms = await createSimulatedLms({
    baseUrl: `http://lms.localhost:${port}`,
    clock: { now: options.now ?? Date.now },
    signingKey: client.key,
    slowMs: 60,
    pageSize: 2,
    operatorHint: ({ slug }) => `show --tenant ${slug}`,
    fetch: async (input) => {
      const key = keySets.find(([url]) => url === String(input))?.[1];
      return Response.json({ keys: key ? [key.publicJwk] : [] });
    },
    ...(options.gradebook === undefined ? {} : { gradebook: options.gradebook }),
  });
  for (const { clientId } of [client, other]) lms.registerTool(registrationOf(clientId));
  server.on('request', lms.app);
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { lms, client, other, close };
}

function registrationOf(clientId: string) {
  const home = `https://${clientId}.example`;
  const deployments = ['northside', 'riverbend'].map((school) => ({
    school,
    deploymentId: `${clientId}:${school}`,
    loginUrl: `${home}/login`,
    // Only the first tool opens the links of the courses.
    targets: clientId === 'client' ? { 'sample-tool': `${home}/` } : { 'other-tool': `${home}/` },
  }));
  const jwksUrl = `${home}/keys`;
  return { clientId, name: clientId, redirectUris: [], jwksUrl, scopes: Object.values(scopes), deployments };
}

/** A client assertion as the LMS wants it, with the changes on top; undefined takes a claim out. */
export function assertionOf(
  { lms }: LmsAlone,
  { clientId, key }: ServiceClient,
  changes: Record<string, unknown> = {},
  signedBy: SigningKey = key,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const parties = { iss: clientId, sub: clientId, aud: lms.tokenUrl };
  const claims = { ...parties, iat, exp: iat + 300, jti: randomUUID(), ...changes };
  return new SignJWT(JSON.parse(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', kid: signedBy.kid })
    .sign(signedBy.privateKey);
}

/** Asks the token endpoint, with a good assertion and all scopes unless the changes say otherwise. */
export async function askToken(alone: LmsAlone, changes: Record<string, string> = {}) {
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    scope: Object.values(scopes).join(' '),
    client_assertion: changes.client_assertion ?? (await assertionOf(alone, alone.client)),
    ...changes,
  };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  const answer = await loopbackFetch(alone.lms.tokenUrl, { method: 'POST', headers, body });
  return { status: answer.status, headers: answer.headers, body: await readJson(answer) };
}

export interface Call {
  method?: string;
  type?: string;
  accept?: string;
  body?: unknown;
}

/** Calls a service of the LMS with the access token. A text is sent as it is, anything else as JSON. */
export async function callService(token: string, url: string, call: Call = {}) {
  const { method = 'GET', type, accept = '*/*', body } = call;
  const answer = await loopbackFetch(url, {
    method,
    headers: {
      accept,
      authorization: `Bearer ${token}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: await readJson(answer) };
}

/** Posts a score that is complete and graded, with the changes on top, to `…/scores` before any query string. */
export function postScore(token: string, lineItem: string, score: Record<string, unknown>) {
  const progress = { activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
  const timestamp = '2026-03-01T08:00:00.000Z';
  const body = { timestamp, scoreMaximum: 10, ...progress, ...score };
  return callService(token, lineItem.replace('?', '/scores?'), {
    method: 'POST',
    type: mediaTypes.score,
    body,
  });
}

/** The results of a line item, as the tool reads them. */
export async function readResults(token: string, lineItem: string, query = '') {
  const url = lineItem.replace('?', '/results?') + query;
  return callService(token, url, { accept: mediaTypes.results });
}

/** Where a launch of a link says that grades go. */
export function endpointOf({ lms }: LmsAlone, link: string, person = 'ns-nwosu') {
  return lms.buildClaims({ person, link })[endpointClaim] as {
    scope: string[];
    lineitems: string;
    lineitem?: string;
  };
}

async function readJson(answer: Response) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
