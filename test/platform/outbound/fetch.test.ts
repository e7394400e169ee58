import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutboundAttempt } from '../../../src/platform/outbound/attempt.ts';
import { openOutbound, serve } from './loopback-server.ts';

describe('requests and answers', () => {
  test('method, headers and body arrive, and the hub names itself', async () => {
    const server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { authorization, 'user-agent': userAgent } = request.headers;
        response.setHeader('X-Two', ['a', 'b']);
        response
          .writeHead(201)
          .end(JSON.stringify({ method: request.method, url: request.url, authorization, userAgent, body }));
      });
    });
    const response = await openOutbound()({
      url: `http://localhost:${server.port}/scores?type_id=1#part`,
      method: 'POST',
      headers: { Authorization: 'Bearer t', 'User-Agent': 'someone else' },
      body: '{"a":1}',
    });
    expect(response.status).toBe(201);
    expect(response.headers['x-two']).toBe('a, b');
    expect(response.url).toBe(`http://localhost:${server.port}/scores?type_id=1`);
    expect(response.json()).toEqual({
      method: 'POST',
      url: '/scores?type_id=1',
      authorization: 'Bearer t',
      userAgent: 'Gatehouse test',
      body: '{"a":1}',
    });
  });

  test('an error status is an answer, not an exception', async () => {
    const server = await serve((_request, response) => response.writeHead(422).end('no'));
    expect((await openOutbound()({ url: `http://localhost:${server.port}/` })).status).toBe(422);
  });

  test('a body that is not JSON fails without repeating it', async () => {
    const server = await serve((_request, response) => response.end('Ada Lovelace'));
    const response = await openOutbound()({ url: `http://localhost:${server.port}/` });
    try {
      response.json();
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ kind: 'upstream', code: 'outbound_body_invalid' });
      expect(error).not.toHaveProperty('cause');
      expect(String(error)).not.toContain('Ada');
    }
  });

  test('header values cannot smuggle a second header', async () => {
    const server = await serve((_request, response) => response.end());
    const call = openOutbound()({
      url: `http://localhost:${server.port}/`,
      headers: { accept: 'a\r\nx-evil: 1' },
    });
    await expect(call).rejects.toThrow(
      expect.objectContaining({ kind: 'input', code: 'outbound_request_invalid' }),
    );
    expect(server.hits()).toBe(0);
  });
});

describe('failures', () => {
  const failure = (code: string) => expect.objectContaining({ kind: 'upstream', code });

  test('an unknown name', async () => {
    const outbound = openOutbound({ lookup: async () => [] });
    await expect(outbound({ url: 'https://lms.example/' })).rejects.toThrow(failure('outbound_dns_failed'));
    await expect(openOutbound()({ url: 'https://lms.example/' })).rejects.toThrow(
      failure('outbound_dns_failed'),
    );
  });

  test('a closed port', async () => {
    const probe = createServer();
    const port = await new Promise<number>((resolve) => {
      probe.listen(0, '127.0.0.1', () => {
        const address = probe.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    await new Promise((resolve) => probe.close(resolve));
    await expect(openOutbound()({ url: `http://localhost:${port}/` })).rejects.toThrow(
      failure('outbound_connection_failed'),
    );
  });

  test('a connection dropped in the middle of the body', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(openOutbound()({ url: `http://localhost:${server.port}/` })).rejects.toThrow(
      failure('outbound_connection_failed'),
    );
  });

  test('something that does not speak HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    onTestFinished(() => {
      server.close();
    });
    await expect(openOutbound()({ url: `http://localhost:${port}/` })).rejects.toThrow(
      failure('outbound_answer_invalid'),
    );
  });
});

describe('redirects', () => {
  test('none is followed unless asked for', async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: '/x' }).end());
    await expect(openOutbound()({ url: `http://localhost:${server.port}/` })).rejects.toThrow(
      expect.objectContaining({
        code: 'outbound_redirect_refused',
        details: { host: 'localhost', reason: 'not_allowed' },
      }),
    );
    expect(server.hits()).toBe(1);
  });

  test('as many are followed as asked for', async () => {
    const server = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 2) response.end('there');
      else response.writeHead(307, { location: `/${step + 1}` }).end();
    });
    const url = `http://localhost:${server.port}/0`;
    const outbound = openOutbound();
    const response = await outbound({ url, redirects: 2 });
    expect([response.text(), response.url]).toEqual(['there', `http://localhost:${server.port}/2`]);
    await expect(outbound({ url, redirects: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'outbound_redirect_refused' }),
    );
  });

  test('the token stays with the origin it was meant for', async () => {
    const seen: (string | undefined)[] = [];
    const second = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const location = request.url === '/' ? '/same' : `http://localhost:${second.port}/`;
      response.writeHead(302, { location }).end();
    });
    const headers = { authorization: 'Bearer t' };
    await openOutbound()({ url: `http://localhost:${first.port}/`, redirects: 2, headers });
    expect(seen).toEqual(['Bearer t', 'Bearer t', undefined]);
  });
});

describe('repetition', () => {
  const failTwice = () => {
    let count = 0;
    return serve((_request, response) => {
      count += 1;
      response.writeHead(count <= 2 ? 503 : 200, { 'retry-after': '2' }).end();
    });
  };

  test('an idempotent request is repeated after at least the wait the server asked for', async () => {
    const server = await failTwice();
    const waits: number[] = [];
    const outbound = openOutbound({
      wait: async (ms) => {
        waits.push(ms);
      },
    });
    const response = await outbound({ url: `http://localhost:${server.port}/`, retries: 2 });
    expect(response.status).toBe(200);
    expect(waits).toHaveLength(2);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2000);
  });

  test('the last answer is returned when the repetitions are used up', async () => {
    const server = await failTwice();
    const response = await openOutbound()({ url: `http://localhost:${server.port}/`, retries: 1 });
    expect([response.status, server.hits()]).toEqual([503, 2]);
  });

  test('a POST is sent once, unless the caller says it is idempotent', async () => {
    const server = await failTwice();
    const request = { url: `http://localhost:${server.port}/`, method: 'POST', retries: 5 } as const;
    expect((await openOutbound()(request)).status).toBe(503);
    expect(server.hits()).toBe(1);
    expect((await openOutbound()({ ...request, idempotent: true })).status).toBe(200);
  });

  test('nothing is repeated unless asked for', async () => {
    const server = await failTwice();
    expect((await openOutbound()({ url: `http://localhost:${server.port}/` })).status).toBe(503);
    expect(server.hits()).toBe(1);
  });
});

test('every attempt is reported once, without path, query or header', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/moved') response.end();
    else response.writeHead(302, { location: '/moved' }).end();
  });
  const attempts: OutboundAttempt[] = [];
  const outbound = openOutbound({ onAttempt: (attempt) => attempts.push(attempt) });
  await outbound({ url: `http://localhost:${server.port}/pupils/ada?token=t`, redirects: 1 });
  await outbound({ url: 'https://10.0.0.1/' }).catch(() => {});
  const host = `localhost:${server.port}`;
  const ms = expect.any(Number);
  expect(attempts).toEqual([
    { host, method: 'GET', status: 302, ms },
    { host, method: 'GET', status: 200, ms },
    { host: '10.0.0.1', method: 'GET', errorCode: 'outbound_address_refused', ms },
  ]);
});
