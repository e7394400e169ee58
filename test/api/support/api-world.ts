import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { commonRefusals, type EndpointContract } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { createApi } from '../../../src/api/api.ts';
import { createApiToken, type NewApiToken } from '../../../src/api/tokens/tokens.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { connectRoster } from '../../../src/sync/sync.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { serve } from '../../platform/http/support/serve.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createSyncServices } from './sync-services.ts';

export type EndpointName = keyof typeof endpoints;

export interface Sent {
  token?: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** JSON, or bytes. */
  body?: unknown;
}

/** Schools with a roster each, and the API in front of them. */
export function createApiWorld({ database }: TestDatabase) {
  const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
  const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
  const secrets = createSecrets({ kek, clock });
  const sync = createSyncServices({ db: database, clock, secrets });
  const by = () => ({ actor: 'test', now: clock.now() });
  let schools = 0;

  const makeToken = async (given: Partial<NewApiToken> = {}) => {
    const input = { name: 'Test', scopes: ['rosters:write' as const], ...given };
    return database.withHub((tx) => createApiToken(tx, input, by()));
  };

  /** A tenant with a roster that answers. */
  async function addSchool() {
    const slug = `school-${++schools}`;
    const { tenantId } = await createTenant(database, { slug, name: slug }, by());
    const settings = { url: 'https://sis.example', password: 'right' };
    const input = { connector: 'paper-sis', name: 'SIS', settings };
    const { connectionId } = await connectRoster(sync, tenantId, input, by());
    const { apiToken, token } = await makeToken({ onlyTenantId: tenantId });
    return { slug, tenantId, connectionId: connectionId as ConnectionId, apiToken, token };
  }

  /** Serves the API until the test is over. Whatever it answers must be what the contract promises. */
  async function open() {
    const { origin, lines } = await serve((router) => router.use(createApi({ db: database, clock, sync })));
    async function call(name: EndpointName, sent: Sent = {}) {
      const contract: EndpointContract = endpoints[name];
      const path = contract.path.replaceAll(/\{(\w+)\}/g, (_whole, each: string) =>
        encodeURIComponent(sent.params?.[each] ?? 'missing'),
      );
      const query = new URLSearchParams(sent.query).toString();
      const isBytes = contract.body?.kind === 'stream';
      const response = await fetch(`${origin}${path}${query === '' ? '' : `?${query}`}`, {
        method: contract.method.toUpperCase(),
        headers: {
          ...(sent.token === undefined ? {} : { Authorization: `Bearer ${sent.token}` }),
          ...(sent.body === undefined
            ? {}
            : { 'Content-Type': isBytes ? 'application/zip' : 'application/json' }),
        },
        ...(sent.body === undefined
          ? {}
          : { body: isBytes ? (sent.body as Buffer<ArrayBuffer>) : JSON.stringify(sent.body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
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

  return { clock, sync, makeToken, addSchool, open };
}
