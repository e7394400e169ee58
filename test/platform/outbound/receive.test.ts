import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openOutbound, serve } from './loopback-server.ts';

/** Fetches a body piece by piece. */
async function receive(body: Buffer, headers: Record<string, string> = {}, maxBytes?: number, status = 200) {
  const { port } = await serve((_, response) => response.writeHead(status, headers).end(body));
  const chunks: Buffer[] = [];
  const call = openOutbound()({
    url: `http://127.0.0.1:${port}/`,
    receive: async (pieces) => {
      for await (const piece of pieces) chunks.push(piece);
    },
    ...(maxBytes !== undefined && { maxBytes }),
  });
  return { call, text: () => Buffer.concat(chunks).toString(), pieces: () => chunks.length };
}

const long = Buffer.from('roster,'.repeat(100_000));

test('a body that is received comes in pieces and is not kept', async () => {
  const { call, text, pieces } = await receive(long);
  expect((await call).body.length).toBe(0);
  expect(text()).toBe(long.toString());
  expect(pieces()).toBeGreaterThan(3);
});

test('it is decompressed on the way', async () => {
  const gzip = await receive(gzipSync(long), { 'content-encoding': 'gzip' });
  await gzip.call;
  expect(gzip.text()).toBe(long.toString());
  const brotli = await receive(brotliCompressSync(long), { 'content-encoding': 'br' });
  await brotli.call;
  expect(brotli.text()).toBe(long.toString());
});

test('the limit holds for what comes out', async () => {
  const { call, text } = await receive(gzipSync(long), { 'content-encoding': 'gzip' }, 10_000);
  await expect(call).rejects.toMatchObject({ code: 'outbound_too_large' });
  expect(text().length).toBeLessThanOrEqual(10_000);
});

test('what cannot be decompressed is refused', async () => {
  const unknown = await receive(long, { 'content-encoding': 'zstd' });
  await expect(unknown.call).rejects.toMatchObject({ code: 'outbound_encoding_refused' });
  const broken = await receive(long, { 'content-encoding': 'gzip' });
  await expect(broken.call).rejects.toMatchObject({ code: 'outbound_answer_invalid' });
});

test('an answer that is no success is kept as usual', async () => {
  const { call, pieces } = await receive(Buffer.from('not here'), {}, undefined, 404);
  expect((await call).text()).toBe('not here');
  expect(pieces()).toBe(0);
});
