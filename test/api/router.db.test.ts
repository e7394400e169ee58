import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from '../../contracts/http/endpoint.ts';
import { tenantParams } from '../../contracts/http/values.ts';
import { type Contracts, createContractRouter, type Handlers } from '../../src/api/router.ts';
import { createApiToken, revokeApiToken } from '../../src/api/tokens/tokens.ts';
import { DomainError } from '../../src/platform/errors.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { raw, serve } from '../platform/http/support/serve.ts';
import { createTestDatabase } from '../support/database.ts';

const { database } = await createTestDatabase();
const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
const by = () => ({ actor: 'test', now: clock.now() });
const [north, south] = [
  await createTenant(database, { slug: 'north', name: 'North' }, by()),
  await createTenant(database, { slug: 'south', name: 'South' }, by()),
];

const base = { scope: 'rosters:read', params: tenantParams, refusals: {} } as const;
const json = { kind: 'json', status: 200, about: 'x' } as const;
const contracts = {
  show: defineEndpoint({
    ...base,
    method: 'get',
    path: '/api/v1/tenants/{slug}/things',
    summary: 'x',
    query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
    reply: { ...json, schema: z.object({ limit: z.int(), tenant: z.string() }) },
  }),
  change: defineEndpoint({
    ...base,
    method: 'post',
    path: '/api/v1/tenants/{slug}/things',
    summary: 'x',
    scope: 'rosters:write',
    body: { kind: 'json', schema: z.strictObject({ reason: z.string().optional() }) },
    reply: { ...json, schema: z.object({ actor: z.string(), reason: z.string().optional() }) },
  }),
  upload: defineEndpoint({
    ...base,
    method: 'post',
    path: '/api/v1/tenants/{slug}/uploads',
    summary: 'x',
    scope: 'rosters:write',
    body: { kind: 'stream', mediaTypes: ['application/zip'], about: 'x' },
    reply: { ...json, schema: z.object({ bytes: z.int() }) },
  }),
  download: defineEndpoint({
    ...base,
    method: 'get',
    path: '/api/v1/tenants/{slug}/things.csv',
    summary: 'x',
    query: z.object({ fails: z.enum(['no', 'first', 'later']).default('no') }),
    reply: { kind: 'text', status: 200, about: 'x', mediaType: 'text/csv', fileName: 'things.csv' },
  }),
} satisfies Contracts;

/** How uploads have failed. */
const ended: string[] = [];
let uploading = Promise.withResolvers<void>();

const handlers: Handlers<typeof contracts> = {
  // What a contract does not name stays inside.
  show: ({ query, tenant }) => ({ limit: query.limit, tenant: tenant.slug, secret: 'inside' }),
  change: ({ by: { actor, reason } }) => ({ actor, ...(reason === undefined ? {} : { reason }) }),
  upload: async ({ body }) => {
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        uploading.resolve();
      }
    } catch (error) {
      ended.push((error as DomainError).code);
      throw error;
    }
    return { bytes };
  },
  download: async function* ({ query: { fails } }) {
    if (fails === 'first') throw new DomainError('conflict', 'not_now', 'Not now.');
    yield 'a,b\r\n';
    if (fails === 'later') throw new Error('cut');
    yield '1,2\r\n';
  } as Handlers<typeof contracts>['download'],
};

async function open(limits: { address?: number; token?: number } = {}) {
  const { origin, lines, port } = await serve((router) =>
    router.use(
      createContractRouter(contracts, handlers, {
        db: database,
        clock,
        uploadBytes: 1_000,
        addressLimit: { perSecond: 1, burst: limits.address ?? 1_000 },
        tokenLimit: { perSecond: 1, burst: limits.token ?? 1_000 },
      }),
    ),
  );
  const call = async (path: string, token?: string, init: RequestInit = {}) => {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const response = await fetch(`${origin}/api/v1/tenants${path}`, {
      ...init,
      headers: { ...authorization, ...init.headers },
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: /json/.test(type) ? JSON.parse(text) : {},
    };
  };
  return { call, lines, port };
}

const make = async (given: object = {}) =>
  database.withHub((tx) => createApiToken(tx, { name: 'x', scopes: ['rosters:write'], ...given }, by()));

test('a call without a token is challenged, and told nothing else', async () => {
  const { call } = await open();
  for (const path of ['/north/things', '/nobody/things']) {
    const { status, headers, body } = await call(path);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_missing' });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"');
    expect(headers.get('content-type')).toContain('application/problem+json');
  }
});

test('NUL in an address, which no text of the hub holds, is a mistake of the caller', async () => {
  const { call } = await open();
  const { token } = await make();
  for (const path of ['/nor%00th/things', '/north/things?limit=%00', '/north/things?%00=1']) {
    expect(await call(path, token)).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  }
  // A percent sign of its own, and two digits.
  expect((await call('/nor%2500th/things', token)).body.code).toBe('tenant_unknown');
});

test('an unknown, an expired and a revoked token are refused as bearer tokens are', async () => {
  const { call } = await open();
  const expired = await make({ days: 1 });
  const revoked = await make();
  await database.withHub((tx) => revokeApiToken(tx, revoked.apiToken.tokenId, by()));
  const unknown = `gatehouse_${'A'.repeat(43)}`;
  expect((await call('/north/things', expired.token)).status).toBe(200);
  clock.time += 86_400_000;
  for (const [token, code] of [
    [unknown, 'token_invalid'],
    [revoked.token, 'token_invalid'],
    [expired.token, 'token_expired'],
  ] as const) {
    const { status, headers, body } = await call('/north/things', token);
    expect({ status, code: body.code }).toEqual({ status: 401, code });
    expect(headers.get('www-authenticate')).toBe('Bearer realm="gatehouse", error="invalid_token"');
  }
});

test('a token in the address or of another scheme is none', async () => {
  const { call } = await open();
  const { token } = await make();
  expect((await call(`/north/things?access_token=${token}`)).body.code).toBe('token_missing');
  const basic = await call('/north/things', undefined, { headers: { Authorization: `Basic ${token}` } });
  expect(basic.body.code).toBe('token_missing');
  const lower = await call('/north/things', undefined, { headers: { Authorization: `bearer ${token}` } });
  expect(lower.status).toBe(200);
});

test('reading does not let write; writing lets read', async () => {
  const { call } = await open();
  const reader = await make({ scopes: ['rosters:read'] });
  const { status, headers, body } = await call('/north/things', reader.token, { method: 'POST' });
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'insufficient_scope' });
  expect(headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="rosters:write"');
  expect((await call('/north/things', reader.token)).status).toBe(200);
  expect((await call('/north/things', (await make()).token)).status).toBe(200);
});

test('a token for one tenant cannot tell another one from none', async () => {
  const { call } = await open();
  const { token } = await make({ onlyTenantId: north.tenantId });
  expect((await call('/north/things', token)).body.tenant).toBe('north');
  const [foreign, none] = [await call(`/${south.slug}/things`, token), await call('/nobody/things', token)];
  expect(foreign.status).toBe(404);
  const said = ({ body: { reference: _one, ...rest } }: typeof foreign) => rest;
  expect(said(foreign)).toEqual(said(none));
  expect((await call('/south/things', (await make()).token)).body.tenant).toBe('south');
});

test('wrong input is named field by field, and unknown fields are refused', async () => {
  const { call } = await open();
  const { token } = await make();
  for (const [path, field] of [
    ['/north/things?limit=11', 'limit'],
    ['/north/things?limit=x', 'limit'],
    ['/north/things?lmit=1', 'lmit'],
  ] as const) {
    const { status, body } = await call(path, token);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'request_invalid' });
    expect(body.detail).toContain(field);
  }
  const post = (body: string, type = 'application/json') =>
    call('/north/things', token, { method: 'POST', body, headers: { 'Content-Type': type } });
  expect((await post('{"reson":"x"}')).body).toMatchObject({ status: 400, code: 'request_invalid' });
  expect((await post('{')).body).toMatchObject({ status: 400, code: 'json_malformed' });
  expect((await post('{}', 'text/plain')).body).toMatchObject({ status: 415 });
  expect((await post(`{"reason":"${'x'.repeat(300_000)}"}`)).body).toMatchObject({ status: 413 });
  expect((await call('/north/things', token, { method: 'PUT' })).status).toBe(405);
});

test('what is done is done by the token, for the reason given', async () => {
  const { call, lines } = await open();
  const { apiToken, token } = await make();
  const actor = `api-token:${apiToken.tokenId}`;
  expect((await call('/north/things', token, { method: 'POST' })).body).toEqual({ actor });
  const init = { method: 'POST', body: '{"reason":"Why"}', headers: { 'Content-Type': 'application/json' } };
  expect((await call('/north/things', token, init)).body).toEqual({ actor, reason: 'Why' });
  await expect
    .poll(() => lines.filter(({ event }) => event === 'request').at(-1))
    .toMatchObject({ apiTokenId: apiToken.tokenId, tenantId: north.tenantId });
  expect(JSON.stringify(lines)).not.toContain(token.slice(10));
});

test('a reply has what its contract names and is kept by nobody', async () => {
  const { call } = await open();
  const { body, headers } = await call('/north/things', (await make()).token);
  expect(body).toEqual({ limit: 5, tenant: 'north' });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('one token’s flood is its own, and one address’s guesses end', async () => {
  const { call } = await open({ token: 2 });
  const [loud, quiet] = [await make(), await make()];
  for (let i = 0; i < 2; i++) expect((await call('/north/things', loud.token)).status).toBe(200);
  const refused = await call('/north/things', loud.token);
  expect(refused.body).toMatchObject({ status: 429, code: 'too_many_requests' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await call('/north/things', quiet.token)).status).toBe(200);
  const narrow = await open({ address: 2 });
  for (let i = 0; i < 2; i++) expect((await narrow.call('/north/things', 'guess')).status).toBe(401);
  expect((await narrow.call('/north/things', quiet.token)).status).toBe(429);
});

test('a body is taken as it comes, up to its limit', async () => {
  const { call } = await open();
  const { token } = await make();
  const send = (bytes: number, type = 'application/zip', chunked = false) => {
    const body = chunked ? new Blob([Buffer.alloc(bytes)]).stream() : Buffer.alloc(bytes);
    const init = { method: 'POST', body, headers: { 'Content-Type': type }, duplex: 'half' };
    return call('/north/uploads', token, init as RequestInit);
  };
  expect((await send(1_000)).body).toEqual({ bytes: 1_000 });
  expect((await send(1_000, 'application/zip', true)).body).toEqual({ bytes: 1_000 });
  expect((await send(1_001)).body).toMatchObject({ status: 413, code: 'body_too_large' });
  expect((await send(1_001, 'application/zip', true)).body).toMatchObject({ status: 413 });
  expect((await send(10, 'text/csv')).body).toMatchObject({ status: 415 });
});

test('a body that ends early is a failure of its sender', async () => {
  const { port, lines } = await open();
  const { token } = await make();
  const head = `POST /api/v1/tenants/north/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/zip\r\n`;
  ended.length = 0;
  uploading = Promise.withResolvers();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${head}Content-Length: 500\r\n\r\nhalf`);
  await uploading.promise;
  socket.destroy();
  await expect.poll(() => ended).toEqual(['body_incomplete']);
  expect(lines.filter(({ event }) => event === 'request_failed')).toEqual([]);
  const refused = await raw(port, `${head}Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n`);
  expect(refused).toContain('413');
});

test('text is sent as it is made; a failure is told while that is possible, and cuts it off later', async () => {
  const { call, lines } = await open();
  const { token } = await make();
  const { text, headers } = await call('/north/things.csv', token);
  expect(text).toBe('a,b\r\n1,2\r\n');
  expect(headers.get('content-disposition')).toBe('attachment; filename="things.csv"');
  expect(headers.get('content-type')).toBe('text/csv');
  expect((await call('/north/things.csv?fails=first', token)).body).toMatchObject({
    status: 409,
    code: 'not_now',
  });
  await expect(call('/north/things.csv?fails=later', token)).rejects.toThrow();
  await expect.poll(() => lines.filter(({ event }) => event === 'request_failed').length).toBe(1);
});
