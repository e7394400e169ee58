import { once } from 'node:events';
import { connect } from 'node:net';
import type { Router } from 'express';
import { expect, test } from 'vitest';
import { formBody, jsonBody, parseForm, readBody } from '../../../src/platform/http/body.ts';
import { endpoint } from '../../../src/platform/http/endpoint.ts';
import { raw, serve } from './support/serve.ts';

test('a repeated field becomes an array and none reaches a prototype', () => {
  const form = parseForm('a=1&a=2&__proto__=x&b=%C3%BC+y&constructor=z', 10);
  expect(form.a).toEqual(['1', '2']);
  expect(form.b).toBe('ü y');
  expect(Object.getPrototypeOf(form)).toBeNull();
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('more fields than the limit are refused', () => {
  expect(() => parseForm('a=1&b=2&c=3', 2)).toThrow(expect.objectContaining({ code: 'too_many_fields' }));
});

const withForm = (router: Router) =>
  endpoint(router, '/form', {
    post: [formBody(1000), (request, response) => void response.json(request.body)],
  });

test('a form is read', async () => {
  const { origin } = await serve(withForm);
  const reply = await fetch(`${origin}/form`, {
    method: 'POST',
    body: new URLSearchParams({ state: 'a', id_token: 'b' }),
  });
  expect(await reply.json()).toEqual({ state: 'a', id_token: 'b' });
});

test('a body announced as too long is refused before any of it is sent', async () => {
  const { port } = await serve(withForm);
  const head = 'POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  const answer = await raw(port, `${head}Content-Length: 999999\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('body_too_large');
});

test('a chunked body is refused once it is too long, though its end never comes', async () => {
  const { port } = await serve(withForm);
  const head = 'POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
  const answer = await raw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a sender that drips is given up', async () => {
  const { port } = await serve((router) =>
    endpoint(router, '/slow', {
      post: async (request, response) => void response.json((await readBody(request, 1000, 50)).length),
    }),
  );
  const answer = await raw(port, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\ndrip');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('body_too_slow');
});

test.each([
  ['another type', { 'content-type': 'text/plain' }],
  ['no type', { 'content-type': '' }],
  ['a compressed body', { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' }],
  ['another charset', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }],
])('%s is refused as media type', async (_name, headers) => {
  const { origin } = await serve(withForm);
  const reply = await fetch(`${origin}/form`, { method: 'POST', headers, body: 'a=1' });
  expect(reply.status).toBe(415);
});

test('a client that goes away in the middle of its body harms nobody', async () => {
  const { origin, port, lines } = await serve(withForm);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\na=1',
  );
  socket.destroy();
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  expect(lines.every((line) => line.level !== 'error')).toBe(true);
  expect(
    (await fetch(`${origin}/form`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })).status,
  ).toBe(200);
});

const withJson = (router: Router) =>
  endpoint(router, '/json', {
    post: [
      jsonBody(100, ['application/a+json', 'application/b+json']),
      (request, response) => void response.json(request.body),
    ],
  });

async function postJson(body: string, type: string, headers: Record<string, string> = {}) {
  const { origin } = await serve(withJson);
  return fetch(`${origin}/json`, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}

test.each([
  'application/a+json',
  'application/b+json',
  'Application/A+JSON; charset="UTF-8"',
  'application/a+json;x=y',
])('JSON of a media type asked for is read: %s', async (type) => {
  const reply = await postJson('{"a":"ü"}', type);
  expect([reply.status, await reply.json()]).toEqual([200, { a: 'ü' }]);
});

test.each([
  'application/json',
  'text/plain',
  '',
  'application/a+json-x',
  'application/a+json; charset=latin1',
])('JSON of another media type is refused: %s', async (type) => {
  expect((await postJson('{}', type)).status).toBe(415);
});

test('JSON that is compressed, too large or malformed is refused', async () => {
  const type = 'application/a+json';
  expect((await postJson('{}', type, { 'content-encoding': 'gzip' })).status).toBe(415);
  expect((await postJson(`"${'x'.repeat(100)}"`, type)).status).toBe(413);
  const malformed = await postJson('{', type);
  expect([malformed.status, await malformed.json()]).toMatchObject([400, { code: 'json_malformed' }]);
});
