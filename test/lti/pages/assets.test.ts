import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, expect, test } from 'vitest';
import { assetNames, createAssetsRouter } from '../../../src/lti/pages/assets.ts';
import { assets } from './samples.ts';

const server = express().use(createAssetsRouter(assets)).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());

test('a file at its current address may be kept for a year', async () => {
  const response = await fetch(origin + assets.url('submit.js'));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('a file under another release’s version is served but not kept', async () => {
  const response = await fetch(`${origin}/assets/pages.css?v=old`);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('a file that is not changed is answered 304', async () => {
  const first = await fetch(`${origin}/assets/page.js`);
  const etag = first.headers.get('etag') ?? '';
  const second = await fetch(`${origin}/assets/page.js`, {
    headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
  });
  expect(second.status).toBe(304);
});

test('nothing else is served', async () => {
  for (const path of ['/assets/tsconfig.json', '/assets/../package.json', '/assets/']) {
    expect((await fetch(origin + path)).status).toBe(404);
  }
});

test.each(assetNames)('%s is at most 6 kB, a script at most 4 kB', (name) => {
  const { size } = statSync(new URL(`../../../src/lti/browser/${name}`, import.meta.url));
  expect(size).toBeLessThanOrEqual(name.endsWith('.js') ? 4096 : 6144);
});
