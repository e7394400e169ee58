import type { Router } from 'express';
import { expect, test } from 'vitest';
import { DomainError } from '../../../src/platform/errors.ts';
import { endpoint } from '../../../src/platform/http/endpoint.ts';
import { limitBy, limitByAddress } from '../../../src/platform/http/rate-limit.ts';
import { contextOf, forPeople, forPrograms } from '../../../src/platform/http/request-context.ts';
import { serve } from './support/serve.ts';

const failing = (error: unknown) => (router: Router) =>
  endpoint(router, '/fail', {
    get: async () => {
      throw error;
    },
  });

test.each([
  ['input', 400],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['too_large', 413],
  ['rate_limited', 429],
  ['upstream', 502],
  ['internal', 500],
] as const)('a failure of kind %s is answered %i as problem details', async (kind, status) => {
  const error = new DomainError(kind, 'some_code', 'What to do.', { details: { field: 'a' } });
  const { origin } = await serve(failing(error));
  const reply = await fetch(`${origin}/fail`);
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  expect(await reply.json()).toMatchObject({
    status,
    code: 'some_code',
    detail: 'What to do.',
    details: { field: 'a' },
    reference: expect.stringMatching(/^.{4}-.{4}$/),
  });
});

test('an unexpected error shows none of its words, and the log finds it by the reference', async () => {
  const { origin, lines } = await serve(failing(new Error('password=hunter2')));
  const reply = await fetch(`${origin}/fail`);
  const body = (await reply.json()) as { reference: string };
  expect(reply.status).toBe(500);
  expect(JSON.stringify(body) + JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines.find((line) => line.event === 'request_failed')).toMatchObject({ reference: body.reference });
});

test('a database that is away is answered 503 with Retry-After', async () => {
  const { origin } = await serve(failing(new DomainError('internal', 'database_unavailable', 'Try again.')));
  const reply = await fetch(`${origin}/fail`);
  expect(reply.status).toBe(503);
  expect(reply.headers.get('retry-after')).toBe('5');
});

test.each([
  ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', true],
  ['application/json', false],
  ['*/*', false],
  ['text/html;q=0, application/json', false],
])('Accept: %s is told a failure on a page: %s', async (accept, page) => {
  const { origin } = await serve(failing(new DomainError('input', 'bad', 'Mend it.')));
  const reply = await fetch(`${origin}/fail`, { headers: { accept } });
  expect(reply.headers.get('content-type')).toContain(page ? 'text/html' : 'application/problem+json');
});

test('routes for people and for programs do not go by Accept', async () => {
  const { origin } = await serve((router) => {
    endpoint(router, '/page', {
      get: [forPeople, () => Promise.reject(new DomainError('input', 'bad', 'Mend it.'))],
    });
    endpoint(router, '/data', {
      get: [forPrograms, () => Promise.reject(new DomainError('input', 'bad', 'Mend it.'))],
    });
  });
  const page = await fetch(`${origin}/page`, { headers: { accept: 'application/json' } });
  const data = await fetch(`${origin}/data`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(data.headers.get('content-type')).toContain('application/problem+json');
});

test('an unknown address is 404 and another method 405 with Allow', async () => {
  const { origin } = await serve((router) =>
    endpoint(router, '/a', { get: (_q, response) => void response.send('a') }),
  );
  expect((await fetch(`${origin}/b`)).status).toBe(404);
  expect((await fetch(`${origin}/A`)).status).toBe(404);
  const refused = await fetch(`${origin}/a`, { method: 'DELETE' });
  expect(refused.status).toBe(405);
  expect(refused.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  const asked = await fetch(`${origin}/a`, { method: 'OPTIONS' });
  expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  expect((await fetch(`${origin}/a`, { method: 'HEAD' })).status).toBe(200);
});

test('a malformed percent-encoding is the caller’s mistake', async () => {
  const { origin } = await serve((router) =>
    endpoint(router, '/t/:slug', { get: (_q, response) => void response.send('') }),
  );
  const reply = await fetch(`${origin}/t/%E0%A4%A`);
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ code: 'address_malformed' });
  expect((await fetch(`${origin}/t/a?x=%E0%A4%A`)).status).toBe(200);
});

test('one line per request tells the pattern of the route and ids, never the address', async () => {
  const { origin, lines } = await serve((router) =>
    endpoint(router, '/t/:slug/lti/login', {
      get: (_request, response) => {
        contextOf(response).facts.tenantId = 'tenant-1';
        response.send('ok');
      },
    }),
  );
  await fetch(`${origin}/t/northside/lti/login?login_hint=secret`);
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toMatchObject({
    event: 'request',
    route: '/t/:slug/lti/login',
    status: 200,
    tenantId: 'tenant-1',
  });
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(JSON.stringify(lines)).not.toContain('northside');
});

test('common headers leave frames, posts to other sites and openers alone', async () => {
  const { origin } = await serve((router) =>
    endpoint(router, '/a', { get: (_q, response) => void response.send('a') }),
  );
  const { headers } = await fetch(`${origin}/a`);
  for (const name of [
    'x-frame-options',
    'cross-origin-opener-policy',
    'content-security-policy',
    'x-powered-by',
    'strict-transport-security',
  ]) {
    expect(headers.get(name)).toBeNull();
  }
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('over https the browser is told to stay there', async () => {
  const { origin } = await serve(() => undefined, { https: true });
  expect((await fetch(origin)).headers.get('strict-transport-security')).toContain('max-age=31536000');
});

test('past the limit an address is told 429 and when to come back', async () => {
  const clock = { now: () => 0 };
  const { origin } = await serve((router) => {
    router.use(limitByAddress({ name: 'launch', perSecond: 0.5, burst: 1, clock }));
    endpoint(router, '/a', { get: (_q, response) => void response.send('a') });
  });
  const first = await fetch(`${origin}/a`);
  expect(first.headers.get('ratelimit')).toBe('"launch";r=0;t=0');
  expect(first.headers.get('ratelimit-policy')).toBe('"launch";q=1;w=2');
  const second = await fetch(`${origin}/a`);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '2']);
});

test('of two limits both are told', async () => {
  const clock = { now: () => 0 };
  const { origin } = await serve((router) => {
    router.use(limitByAddress({ name: 'outer', perSecond: 1, burst: 9, clock }));
    router.use(limitBy({ name: 'inner', perSecond: 1, burst: 5, clock }, () => 'one', 'Too many.'));
    endpoint(router, '/a', { get: (_q, response) => void response.send('a') });
  });
  expect((await fetch(`${origin}/a`)).headers.get('ratelimit')).toBe('"outer";r=8;t=0, "inner";r=4;t=0');
});

test.each([
  [0, '127.0.0.1'],
  [1, '203.0.113.9'],
])('with %i trusted proxies the caller is %s', async (hops, address) => {
  const { origin } = await serve(
    (router) => endpoint(router, '/ip', { get: (request, response) => void response.send(request.ip) }),
    { hops },
  );
  const reply = await fetch(`${origin}/ip`, { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' } });
  expect(await reply.text()).toBe(address);
});
