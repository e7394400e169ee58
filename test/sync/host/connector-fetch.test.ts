import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { serve } from '../../platform/outbound/loopback-server.ts';
import { failureOf, type OpenOptions, openContext } from './open-context.ts';

async function withSource(listener: RequestListener, options: OpenOptions = {}) {
  const { port, hits } = await serve(listener);
  const opened = openContext(options);
  const url = `http://127.0.0.1:${port}/orgs`;
  return { ...opened, url, hits, call: (more: object = {}) => opened.context.fetch({ url, ...more }) };
}

/** Answers with these statuses in turn, then with 200. */
function statuses(...turn: { status: number; headers?: Record<string, string> }[]): RequestListener {
  const left = [...turn];
  return (_, response) => {
    const { status, headers } = left.shift() ?? { status: 200 };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"orgs":[]}');
  };
}

test('an answer is handed on with its status, its headers and its body', async () => {
  const { call } = await withSource(statuses({ status: 404 }));
  const reply = await call();
  expect([reply.status, reply.headers['content-type'], reply.json()]).toEqual([
    404,
    'application/json',
    { orgs: [] },
  ]);
});

test('a busy source is asked again, and every try is told of', async () => {
  const { call, hits, attempts, clock } = await withSource(
    statuses({ status: 503 }, { status: 502 }, { status: 504 }, { status: 429 }),
  );
  expect((await call()).status).toBe(200);
  expect(hits()).toBe(5);
  expect(attempts.map(({ attempt, statusClass }) => `${attempt}: ${statusClass}`)).toEqual([
    '1: 5xx',
    '2: 5xx',
    '3: 5xx',
    '4: 4xx',
    '5: 2xx',
  ]);
  // Each wait is half fixed, half chance, and twice the one before.
  const ranges = clock.waits.map((ms, index) => ms >= 500 * 2 ** index && ms <= 1_000 * 2 ** index);
  expect(ranges).toEqual([true, true, true, true]);
});

test('Retry-After is waited for, as seconds and as a date', async () => {
  const start = Date.UTC(2026, 10, 21);
  const { call, clock } = await withSource(
    statuses(
      { status: 429, headers: { 'retry-after': '90' } },
      { status: 503, headers: { 'retry-after': new Date(start + 200_000).toUTCString() } },
    ),
  );
  expect((await call()).status).toBe(200);
  expect(clock.now() - start).toBeGreaterThanOrEqual(200_000);
  expect(clock.waits[0]).toBeGreaterThanOrEqual(90_000);
});

test('one call that is told to wait holds back all calls of the connection', async () => {
  const { call, clock } = await withSource(statuses({ status: 429, headers: { 'retry-after': '60' } }));
  const start = clock.now();
  await Promise.all([call(), call()]);
  expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
});

test('a longer Retry-After, or no end of it, ends the call as unavailable', async () => {
  const patient = await withSource(statuses({ status: 429, headers: { 'retry-after': '3600' } }));
  expect(await failureOf(patient.call())).toBe('unavailable: source_busy');
  expect(patient.hits()).toBe(1);
  const down = await withSource((_, response) => response.writeHead(503).end());
  expect(await failureOf(down.call())).toBe('unavailable: source_down');
  expect(down.hits()).toBe(6);
});

test('500 and 401 are the connector’s to judge, and are not repeated', async () => {
  const { call, hits } = await withSource(statuses({ status: 500 }, { status: 401 }));
  expect([(await call()).status, (await call()).status, hits()]).toEqual([500, 401, 2]);
});

test('a signature is made anew for each try', async () => {
  const seen: unknown[] = [];
  const { call } = await withSource((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(seen.length < 3 ? 503 : 200).end();
  });
  let nonce = 0;
  await call({ sign: async ({ method }: { method: string }) => ({ Authorization: `${method} ${++nonce}` }) });
  expect(seen).toEqual(['GET 1', 'GET 2', 'GET 3']);
});

test('what the guard refuses tells what is at fault', async () => {
  const { context } = openContext({ allowLoopback: true });
  const fetch = (url: string) => failureOf(context.fetch({ url }));
  expect(await fetch('not an address')).toBe('settings: outbound_url_invalid');
  expect(await fetch('ftp://files.example')).toBe('settings: outbound_scheme_refused');
  expect(await fetch('https://10.1.2.3/orgs')).toBe('settings: outbound_address_refused');
  expect(await fetch('https://nowhere.example/orgs')).toBe('settings: outbound_dns_failed');
  // Nobody listens at port 1.
  expect(await fetch('http://127.0.0.1:1/')).toBe('unavailable: outbound_connection_failed');
});

test('what is no JSON is an invalid answer, and a web page is named as one', async () => {
  const text = await withSource((_, response) => response.end('{"orgs": [Amara'));
  const answer = await text.call();
  expect(await failureOf((async () => answer.json())())).toBe('answer_invalid: outbound_body_invalid');
  const page = await withSource((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<title>Sign in</title>'),
  );
  const html = await page.call();
  expect(await failureOf((async () => html.json())())).toBe('answer_invalid: answer_is_web_page');
});

test('an answer larger than asked for is refused', async () => {
  const { call } = await withSource((_, response) => response.end('x'.repeat(2_000)));
  expect(await failureOf(call({ maxBytes: 1_000 }))).toBe('answer_invalid: outbound_too_large');
});

test('calls are as many at once and as often as the connector allows', async () => {
  let under = 0;
  let most = 0;
  const { call, clock } = await withSource(
    (_, response) => {
      most = Math.max(most, ++under);
      setImmediate(() => {
        under -= 1;
        response.end('{}');
      });
    },
    { limitsOfConnector: { concurrency: 2, requestsPerSecond: 5 } },
  );
  const start = clock.now();
  await Promise.all(Array.from({ length: 12 }, () => call()));
  expect(most).toBe(2);
  // Five at once, then one each fifth of a second.
  expect(clock.now() - start).toBeGreaterThanOrEqual(1_399);
});

test('a run that is stopped ends its calls with the reason it was stopped for', async () => {
  const controller = new AbortController();
  const { call } = await withSource(() => controller.abort(new Error('cancelled')), {
    signal: controller.signal,
  });
  await expect(call()).rejects.toThrow('cancelled');
});

test('no attempt and no line names a path, a secret or a person', async () => {
  const { context, url, attempts, lines } = await withSource(statuses());
  await context.fetch({ url: `${url}?user=amara`, headers: { authorization: 'Bearer hush' } });
  context.log('page_read', {
    count: 3,
    entity: 'users',
    reason: 'Amara Nwosu',
    code: 'amara',
    other: 'hush',
  });
  context.log('Amara Nwosu', {});
  expect(JSON.stringify([attempts, lines])).not.toMatch(/amara|hush|orgs/i);
  expect(lines).toMatchObject([
    { event: 'connector_page_read', count: 3, name: 'users' },
    { event: 'connector_event' },
  ]);
});
