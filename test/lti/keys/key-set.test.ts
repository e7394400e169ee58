import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { generateSigningKey } from '../../../src/lti/keys/generate.ts';
import { createKeySet } from '../../../src/lti/keys/key-set.ts';
import { createKeySetRouter } from '../../../src/lti/keys/routes.ts';
import type { SigningKey } from '../../../src/lti/keys/store.ts';

const { jwk } = await generateSigningKey();
const signing: SigningKey = { kid: jwk.kid, state: 'signing', jwk, createdAt: 0, changedAt: 0 };

/** A database whose answer a test decides, and a clock that stands still until moved. */
function arrange(patienceMs?: number) {
  const world = {
    now: 1_000,
    reads: 0,
    errors: [] as unknown[],
    answer: async (): Promise<SigningKey[]> => [signing],
  };
  const keySet = createKeySet({
    // Stands for the one query that the key set asks.
    db: {
      withHub: <T>() => {
        world.reads++;
        return world.answer() as Promise<T>;
      },
    },
    clock: { now: () => world.now },
    onError: (error) => world.errors.push(error),
    ttlMs: 10,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  return { world, keySet };
}

async function serve(keySet: ReturnType<typeof createKeySet>): Promise<string> {
  const server = express().use(createKeySetRouter(keySet)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
}

test('the key set is JSON that caches may keep for a while', async () => {
  const reply = await fetch(await serve(arrange().keySet));
  expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
  expect(reply.headers.get('cache-control')).toContain('public, max-age=300');
  expect(await reply.json()).toEqual({ keys: [jwk] });
});

test('who has the current key set is told that nothing changed', async () => {
  const url = await serve(arrange().keySet);
  const { headers } = await request(url);
  const again = await request(url, { headers: { 'If-None-Match': String(headers.etag) } });
  expect([again.statusCode, await again.body.text()]).toEqual([304, '']);
});

test('the key set is only read', async () => {
  const url = await serve(arrange().keySet);
  const { statusCode, headers } = await request(url, { method: 'OPTIONS' });
  expect([statusCode, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

test('another key set has another entity tag', async () => {
  const { world, keySet } = arrange();
  const { etag } = await keySet.current();
  world.answer = async () => [];
  keySet.invalidate();
  expect((await keySet.current()).etag).not.toBe(etag);
});

test('a burst reads the keys once', async () => {
  const { world, keySet } = arrange();
  await Promise.all(Array.from({ length: 20 }, () => keySet.current()));
  expect(world.reads).toBe(1);
});

test('a copy that has run out is read again', async () => {
  const { world, keySet } = arrange();
  await keySet.current();
  world.answer = async () => [];
  world.now += 10;
  expect((await keySet.current()).body).toBe('{"keys":[]}');
});

test('while the database is away the last copy is served, and the failure is told', async () => {
  const { world, keySet } = arrange();
  const before = await keySet.current();
  world.answer = () => Promise.reject(new Error('away'));
  world.now += 10;
  expect((await keySet.current()).body).toBe(before.body);
  expect(world.errors).toHaveLength(1);
});

test('a database that hangs holds nobody up for long', async () => {
  const { world, keySet } = arrange(1);
  const before = await keySet.current();
  world.answer = () => new Promise(() => {});
  world.now += 10;
  expect((await keySet.current()).body).toBe(before.body);
});

test('a slow read from before a change does not become the last copy', async () => {
  const { world, keySet } = arrange();
  const slow = Promise.withResolvers<SigningKey[]>();
  world.answer = () => slow.promise;
  const early = keySet.current();
  keySet.invalidate();
  world.answer = async () => [];
  await keySet.current();
  slow.resolve([signing]);
  await early;
  world.answer = () => Promise.reject(new Error('away'));
  world.now += 10;
  expect((await keySet.current()).body).toBe('{"keys":[]}');
});

test('without any copy the failure goes on to the caller', async () => {
  const { world, keySet } = arrange();
  world.answer = () => Promise.reject(new Error('away'));
  await expect(keySet.current()).rejects.toThrow('away');
});
