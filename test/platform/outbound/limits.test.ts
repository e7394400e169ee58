import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openOutbound, serve } from './loopback-server.ts';

const timeout = expect.objectContaining({ kind: 'upstream', code: 'outbound_timeout' });
const tooLarge = expect.objectContaining({ kind: 'upstream', code: 'outbound_too_large' });

describe('time', () => {
  test('a server that never answers is cut off', async () => {
    const server = await serve(() => {});
    await expect(openOutbound()({ url: `http://localhost:${server.port}/`, timeoutMs: 80 })).rejects.toThrow(
      timeout,
    );
  });

  test('a body that drips byte by byte is cut off, although each byte comes in time', async () => {
    let dripping: NodeJS.Timeout | undefined;
    const server = await serve((request, response) => {
      response.writeHead(200);
      dripping = setInterval(() => response.write('.'), 10);
      request.socket.once('close', () => clearInterval(dripping));
    });
    await expect(openOutbound()({ url: `http://localhost:${server.port}/`, timeoutMs: 150 })).rejects.toThrow(
      timeout,
    );
  });

  test('a resolver that never answers is cut off', async () => {
    let giveUp = () => {};
    const outbound = openOutbound({
      lookup: (host) =>
        new Promise((_resolve, reject) => {
          giveUp = () => reject(new Error(host));
        }),
    });
    await expect(outbound({ url: 'https://lms.example/', timeoutMs: 50 })).rejects.toThrow(timeout);
    giveUp();
  });

  test('redirects share one time limit', async () => {
    const server = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 40);
    });
    const outbound = openOutbound();
    await expect(
      outbound({ url: `http://localhost:${server.port}/`, redirects: 100, timeoutMs: 150 }),
    ).rejects.toThrow(timeout);
    expect(server.hits()).toBeLessThan(5);
  });

  test('the caller can stop a call', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const call = openOutbound()({ url: `http://localhost:${server.port}/`, signal: stop.signal });
    await expect(call).rejects.toThrow(expect.objectContaining({ code: 'outbound_aborted' }));
  });
});

describe('size', () => {
  test('an endless body is dropped at the limit', async () => {
    let connectionClosed = () => {};
    const dropped = new Promise<void>((resolve) => {
      connectionClosed = resolve;
    });
    const server = await serve((request, response) => {
      request.socket.once('close', connectionClosed);
      const pour = () => {
        while (response.write(Buffer.alloc(16 * 1024))) {}
      };
      response.on('drain', pour);
      pour();
    });
    const outbound = openOutbound();
    await expect(outbound({ url: `http://localhost:${server.port}/`, maxBytes: 100_000 })).rejects.toThrow(
      tooLarge,
    );
    await dropped;
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('a %s bomb is dropped at the limit', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(4 * 1024 * 1024));
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    });
    const outbound = openOutbound();
    await expect(outbound({ url: `http://localhost:${server.port}/`, maxBytes: 100_000 })).rejects.toThrow(
      tooLarge,
    );
  });

  test('compressed bytes that expand to nothing count too', async () => {
    const empty = gzipSync(Buffer.alloc(0));
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.concat(Array(100).fill(empty)));
    });
    await expect(openOutbound()({ url: `http://localhost:${server.port}/`, maxBytes: 1000 })).rejects.toThrow(
      tooLarge,
    );
  });

  test('a body of exactly the limit passes, one byte more does not', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(100)));
    const url = `http://localhost:${server.port}/`;
    const outbound = openOutbound();
    expect((await outbound({ url, maxBytes: 100 })).body.length).toBe(100);
    await expect(outbound({ url, maxBytes: 99 })).rejects.toThrow(tooLarge);
  });
});

describe('encodings', () => {
  test.each([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
  ])('%s is read', async (encoding, body) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect((await openOutbound()({ url: `http://localhost:${server.port}/` })).text()).toBe('hello');
  });

  test('an empty answer that claims to be gzip is an empty answer', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
    );
    const url = `http://localhost:${server.port}/`;
    expect((await openOutbound()({ url })).body.length).toBe(0);
    expect((await openOutbound()({ url, method: 'HEAD' })).body.length).toBe(0);
  });

  test.each(['deflate', 'zstd', 'gzip, gzip', 'compress'])(
    '%s, which was not asked for, is refused',
    async (encoding) => {
      const server = await serve((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end('x');
      });
      await expect(openOutbound()({ url: `http://localhost:${server.port}/` })).rejects.toThrow(
        expect.objectContaining({ code: 'outbound_encoding_refused' }),
      );
    },
  );

  test('broken or cut-off compression is an invalid answer', async () => {
    const whole = gzipSync('hello'.repeat(100));
    for (const body of [Buffer.from('not gzip at all'), whole.subarray(0, whole.length - 12)]) {
      const server = await serve((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
      });
      await expect(openOutbound()({ url: `http://localhost:${server.port}/` })).rejects.toThrow(
        expect.objectContaining({ kind: 'upstream', code: 'outbound_answer_invalid' }),
      );
    }
  });
});
