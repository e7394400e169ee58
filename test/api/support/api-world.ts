import { randomBytes } from 'node:crypto';
import { type afterAll, expect } from 'vitest';
import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { commonRefusals, type EndpointContract } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import { apiScopes } from '../../../contracts/http/scopes.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { createApi } from '../../../src/api/api.ts';
import { createApiToken, type NewApiToken } from '../../../src/api/tokens/tokens.ts';
import { createPasswords } from '../../../src/operators/passwords/hashing.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import { connectRoster } from '../../../src/sync/sync.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { serve } from '../../platform/http/support/serve.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createSsoServices, directoryInput, samlInput } from './sso-services.ts';
import { createSyncServices } from './sync-services.ts';

export type EndpointName = keyof typeof endpoints;
type Shared = Exclude<EndpointName, keyof typeof consoleEndpoints>;
/** What needs no scope is about the caller, and has tests of its own; so has what stands in console-isolation.db.test.ts. */
export type ScopedName = {
  [Name in Shared]: (typeof endpoints)[Name]['scope'] extends 'session' | 'anyone' ? never : Name;
}[Shared];

export interface Sent {
  token?: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** JSON, or bytes. */
  body?: unknown;
}

/** All that a token may do. */
const writing = apiScopes.filter(
  (scope) =>
    !apiScopes.some((each) => each === scope.replace(/:read$/, ':write')) || scope.endsWith(':write'),
);

/** Schools with a roster and a directory each, and the API in front of them. */
export function createApiWorld({ database }: TestDatabase) {
  const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
  const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
  const secrets = createSecrets({ kek, clock });
  const sync = createSyncServices({ db: database, clock, secrets });
  const sso = createSsoServices({ db: database, clock, secrets });
  const passwords = createPasswords({ cost: { memoryCost: 64, timeCost: 1 } });
  const operators = { db: database, clock, secrets, passwords, baseUrl: 'https://hub.example' };
  const by = () => ({ actor: 'test', now: clock.now() });
  let schools = 0;

  const makeToken = async (given: Partial<NewApiToken> = {}) => {
    const input = { name: 'Test', scopes: writing, ...given };
    return database.withHub((tx) => createApiToken(tx, input, by()));
  };

  /** A tenant with a roster that answers, a directory that does not, and a SAML connection. */
  async function addSchool() {
    const slug = `school-${++schools}`;
    const { tenantId } = await createTenant(database, { slug, name: slug }, by());
    const settings = { url: 'https://sis.example', password: 'right' };
    const input = { connector: 'paper-sis', name: 'SIS', settings };
    const { connectionId } = await connectRoster(sync, tenantId, input, by());
    const identity = await connectIdentity(sso, tenantId, directoryInput(1, { allowsNew: true }), by());
    const { apiToken, token } = await makeToken({ onlyTenantId: tenantId });
    const { connectionId: samlId } = await connectIdentity(sso, tenantId, samlInput(), by());
    const ids = { connectionId: connectionId as ConnectionId, identityId: identity.connectionId, samlId };
    return { slug, tenantId, ...ids, apiToken, token };
  }

  /**
   * Serves the API until the test is over, or all of a file's are. Whatever it answers must be what the contract promises.
   */
  async function open(until?: typeof afterAll) {
    const { origin, lines } = await serve(
      (router) =>
        router.use(
          createApi({
            ...{ db: database, clock, sync, sso, operators },
            console: { hubName: 'Gatehouse', company: undefined },
            settings: async () => ({ version: '1.2.3', settings: [] }),
            allowLoopback: false,
            // The clock stands still, and some tests call every endpoint.
            addressLimit: { perSecond: 1, burst: 10_000 },
            tokenLimit: { perSecond: 1, burst: 10_000 },
          }),
        ),
      { ...(until && { until }) },
    );
    async function call(name: EndpointName, sent: Sent = {}) {
      const contract: EndpointContract = endpoints[name];
      const path = contract.path.replaceAll(/\{(\w+)\}/g, (_whole, each: string) =>
        encodeURIComponent(sent.params?.[each] ?? 'missing'),
      );
      const query = new URLSearchParams(sent.query).toString();
      const isBytes = contract.body?.kind === 'stream';
      const mediaType = contract.body?.kind === 'stream' ? contract.body.mediaTypes[0]! : 'application/json';
      const response = await fetch(`${origin}${path}${query === '' ? '' : `?${query}`}`, {
        method: contract.method.toUpperCase(),
        headers: {
          ...(sent.token === undefined ? {} : { Authorization: `Bearer ${sent.token}` }),
          ...(sent.body === undefined ? {} : { 'Content-Type': mediaType }),
        },
        ...(sent.body === undefined
          ? {}
          : { body: isBytes ? (sent.body as Buffer<ArrayBuffer>) : JSON.stringify(sent.body) }),
      });
      const text = await response.text();
      const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
      const body = isJson ? JSON.parse(text) : {};
      if (response.ok) {
        expect(response.status).toBe(contract.reply.status);
        if (contract.reply.kind === 'json') expect(contract.reply.schema.parse(body)).toEqual(body);
      } else {
        const codes = [
          ...(commonRefusals[response.status] ?? []),
          ...(contract.refusals[response.status] ?? []),
        ];
        expect({ name, codes }).toEqual({ name, codes: expect.arrayContaining([body.code]) });
        expect(response.headers.get('content-type')).toContain('application/problem+json');
      }
      return { status: response.status, headers: response.headers, text, body };
    }
    return { call, lines, origin };
  }

  return { clock, sync, sso, operators, makeToken, addSchool, open };
}
