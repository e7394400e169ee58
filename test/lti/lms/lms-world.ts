import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { addDeployment } from '../../../src/connections/deployments.ts';
import type { NewRegistration } from '../../../src/connections/registration.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import type { OutgoingScore } from '../../../src/grades/destination.ts';
import { publicKeySet } from '../../../src/lti/keys/key-set.ts';
import { ensureSigningKey, listKeys } from '../../../src/lti/keys/keys.ts';
import { createSigner } from '../../../src/lti/keys/signer.ts';
import type { LmsCourse } from '../../../src/lti/lms/gradebook.ts';
import { createLmsServices, type LmsServices } from '../../../src/lti/lms/lms.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import type { OutboundFetch, OutboundRequest } from '../../../src/platform/outbound/fetch.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { keyNamed } from '../../platform/secrets/keys.ts';
import type { TestDatabase } from '../../support/database.ts';
import { by, createTestClock, type TestClock } from '../../support/hub.ts';

/** What a scripted LMS answers; an error code stands for no answer. */
export type ScriptedAnswer = { status: number; headers?: Record<string, string>; body?: unknown } | string;

/** An LMS made of functions: it records what it is asked. */
export interface ScriptedLms {
  fetch: OutboundFetch;
  requests: OutboundRequest[];
  tokenRequests(): URLSearchParams[];
  scores(): Record<string, unknown>[];
  /** Replaced by tests. */
  onToken(form: URLSearchParams): ScriptedAnswer;
  onCall(request: OutboundRequest): ScriptedAnswer;
}

export const lmsUrl = 'https://lms.example';
export const tokenUrl = `${lmsUrl}/token`;

export function createScriptedLms(): ScriptedLms {
  const isToken = ({ url }: OutboundRequest) => url === tokenUrl;
  let tokens = 0;
  const lms: ScriptedLms = {
    requests: [],
    fetch: async (request) => {
      // A real call takes a turn of the loop at least.
      await new Promise((resolve) => setImmediate(resolve));
      lms.requests.push(request);
      const answer = isToken(request)
        ? lms.onToken(new URLSearchParams(String(request.body)))
        : lms.onCall(request);
      if (typeof answer === 'string') throw new DomainError('upstream', answer, 'No answer.');
      const { status, headers = {}, body } = answer;
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const json = (): unknown => {
        if (/^[[{]/.test(text)) return JSON.parse(text);
        throw new DomainError('upstream', 'outbound_body_invalid', 'No JSON.');
      };
      return { status, headers, body: Buffer.from(text), url: request.url, text: () => text, json };
    },
    tokenRequests: () => lms.requests.filter(isToken).map(({ body }) => new URLSearchParams(String(body))),
    scores: () =>
      lms.requests
        .filter(({ url, method }) => method === 'POST' && url.includes('/scores'))
        .map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>),
    onToken: (form) => {
      tokens += 1;
      const granted = { access_token: `token-${tokens}`, token_type: 'Bearer', scope: form.get('scope') };
      return { status: 200, body: { ...granted, expires_in: 3600 } };
    },
    onCall: () => ({ status: 200, body: {} }),
  };
  return lms;
}

export interface LmsWorld {
  clock: TestClock;
  errors: unknown[];
  /** A copy of the hub, with its own memory. */
  copy(fetch: OutboundFetch, options?: { giveUpAfterMs?: number }): LmsServices;
  /** A tenant of its own with one connection and one deployment. */
  school(slug: string, registration?: Partial<NewRegistration>): Promise<LmsCourse>;
  /** The claims of an assertion that the hub has signed. */
  readAssertion(assertion: string): Promise<JWTPayload>;
}

/** A hub's side of services, without its endpoints. Call it at the top level of a test file. */
export async function createLmsWorld({ database }: TestDatabase): Promise<LmsWorld> {
  const clock = createTestClock();
  const secrets = createSecrets({ kek: keyNamed('main', 1), clock });
  const keys = { db: database, secrets, clock };
  await ensureSigningKey(keys, { actor: 'test' });
  const errors: unknown[] = [];
  return {
    clock,
    errors,
    copy: (fetch, options) =>
      createLmsServices({
        ...options,
        ...keys,
        signer: createSigner(keys),
        fetch,
        onError: (error) => errors.push(error),
      }),
    school: async (slug, registration = {}) => {
      const { tenantId } = await createTenant(database, { slug, name: slug }, by());
      const connectionId = await connect(database, tenantId, registration);
      return { tenantId, connectionId, deploymentId: 'deployment-1' };
    },
    readAssertion: async (assertion) => {
      const keySet = createLocalJWKSet(publicKeySet(await listKeys(keys), clock.now()));
      const currentDate = new Date(clock.now());
      const { payload } = await jwtVerify(assertion, keySet, {
        algorithms: ['RS256'],
        typ: 'JWT',
        currentDate,
      });
      return payload;
    },
  };
}

function connect(
  database: TestDatabase['database'],
  tenantId: TenantId,
  registration: Partial<NewRegistration>,
): Promise<ConnectionId> {
  return database.withTenant(tenantId, async (tx) => {
    const { connectionId } = await connectLms(
      tx,
      {
        family: 'generic',
        issuer: lmsUrl,
        clientId: 'hub-1',
        authorizeUrl: `${lmsUrl}/authorize`,
        jwksUrl: `${lmsUrl}/jwks`,
        tokenUrl,
        ...registration,
      },
      { allowLoopback: false },
      by(),
    );
    await addDeployment(tx, { connectionId, deploymentId: 'deployment-1' }, by());
    return connectionId;
  });
}

export const lineItemUrl = `${lmsUrl}/courses/7/items/3`;

/** A score as it leaves the queue. */
export function outgoing(changes: Partial<OutgoingScore> = {}): OutgoingScore {
  return {
    lineItemUrl,
    deploymentId: 'deployment-1',
    subject: 'lms-person-1',
    score: {
      scoreGiven: 8,
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: '2026-03-01T08:15:30.250Z',
    },
    maybeSent: false,
    lastSentAt: undefined,
    others: [],
    triedBefore: changes.maybeSent === true,
    ...changes,
  };
}
