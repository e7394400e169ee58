import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { formBody } from '../../../src/platform/http/body.ts';
import { endpoint } from '../../../src/platform/http/endpoint.ts';
import { listen } from '../../../src/platform/http/server.ts';
import { raw, serve } from './support/serve.ts';

test('a stopping server finishes what it has begun and takes no more', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { origin, server } = await serve((router) =>
    endpoint(router, '/slow', {
      get: async (_request, response) => {
        begin();
        await held;
        response.send('done');
      },
    }),
  );
  const slow = fetch(`${origin}/slow`);
  await begun;
  const stopped = server.stop(10_000);
  await expect(fetch(`${origin}/slow`)).rejects.toThrow();
  release();
  expect(await (await slow).text()).toBe('done');
  expect(await stopped).toBe(0);
});

test('a connection that is kept alive is told at its next request that the server stops', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { port, server } = await serve((router) =>
    endpoint(router, '/slow', {
      get: async (_request, response) => {
        begin();
        await held;
        response.send('done');
      },
    }),
  );
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answers = '';
  socket.on('data', (text) => {
    answers += text;
  });
  const asking = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n';
  socket.write(asking);
  await begun;
  const stopped = server.stop(10_000);
  socket.write(asking, () => release());
  await once(socket, 'close');
  expect(answers.match(/^Connection: .*$/gim)).toEqual(['Connection: keep-alive', 'Connection: close']);
  await stopped;
});

const waiting = (length: number) =>
  `POST /form HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n` +
  `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;

test('who waits with a body is asked for it, and refused at once where it is too long', async () => {
  const { port } = await serve((router) =>
    endpoint(router, '/form', {
      post: [formBody(10), (request, response) => void response.send(request.body.a)],
    }),
  );
  expect(await raw(port, `${waiting(3)}a=b`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(await raw(port, waiting(11))).toMatch(/^HTTP\/1\.1 413 /);
});

test('a stopping server cuts off what does not end in time', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { origin, server } = await serve((router) => endpoint(router, '/never', { get: () => begin() }));
  const never = fetch(`${origin}/never`).catch(() => 'cut');
  await begun;
  expect(await server.stop(10)).toBe(1);
  expect(await never).toBe('cut');
});

test('a port in use is told in words', async () => {
  const { port } = await serve(() => undefined);
  const second = listen({ host: '127.0.0.1', port, handler: () => undefined });
  await expect(second).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining(String(port)),
  });
});

test('a host that is not of this machine is told in words', async () => {
  for (const host of ['192.0.2.1', 'nowhere.invalid']) {
    const refused = listen({ host, port: 0, handler: () => undefined });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('Set HOST') });
  }
});
