import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { createPublishedKey } from '../signing-key.ts';
import { addToolClient, formOf, post, signAssertion } from './tool-client.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const copy = await world.addCopy();

/** A tool's own server: what it publishes, and how often it was asked. */
const published = { keys: [] as unknown[], asked: 0, status: 200 };
const server = createServer((_request, response) => {
  published.asked += 1;
  response.writeHead(published.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ keys: published.keys }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
const { port } = server.address() as AddressInfo;
const { tool } = await addToolClient(testDatabase, { jwksUrl: `http://127.0.0.1:${port}/jwks` });

const ask = async (key: ReturnType<typeof createPublishedKey>) =>
  post(copy, formOf(await signAssertion(world, { tool, key })));

const [first, second, third] = ['a', 'b', 'b'].map((kid) => createPublishedKey(kid)) as [
  ReturnType<typeof createPublishedKey>,
  ReturnType<typeof createPublishedKey>,
  ReturnType<typeof createPublishedKey>,
];

test('a tool’s published keys are fetched once, and again when it publishes a new one', async () => {
  published.keys = [first.jwk];
  const replies = await Promise.all(Array.from({ length: 5 }, () => ask(first)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(published.asked).toBe(1);
  published.keys = [first.jwk, second.jwk];
  world.clock.advance(60_000);
  expect((await ask(second)).status).toBe(200);
  expect((await ask(first)).status).toBe(200);
  expect(published.asked).toBe(2);
});

test('a new key under an old kid is fetched after the signature has failed', async () => {
  published.keys = [first.jwk, third.jwk];
  world.clock.advance(60_000);
  expect((await ask(third)).status).toBe(200);
  expect((await ask(second)).body.reason).toBe('signature_invalid');
});

test('a changed tool has its keys read anew at once by the copies that hear of it', async () => {
  published.keys = [];
  expect((await ask(first)).status).toBe(200);
  copy.lti.forget(`tool:${tool.toolId}`);
  expect((await ask(first)).body.reason).toBe('kid_unknown');
});

test('a tool whose keys cannot be fetched is told so', async () => {
  published.status = 500;
  copy.lti.forget(`tool:${tool.toolId}`);
  expect(await ask(first)).toMatchObject({
    status: 401,
    body: { error: 'invalid_client', reason: 'jwks_unreachable' },
  });
});
