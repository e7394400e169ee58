import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';

test('a socket to another machine is refused without leaving this one', async () => {
  const [error] = await once(connect(443, '192.0.2.1'), 'error');
  expect(error.message).toContain('must not reach the network');
});

test('a fetch by name is refused', async () => {
  const error = await fetch('https://example.com/').catch((reason: Error) => reason);
  expect(String((error as Error).cause)).toContain('must not reach the network');
});

test('a look-up by name is refused', async () => {
  await expect(lookup('example.com')).rejects.toThrow('must not reach the network');
});

test('a name which the test resolves itself may lead to this machine only', async () => {
  const [error] = await once(
    connect({
      port: 443,
      host: 'lms.example',
      lookup: (_host, _options, done) => done(null, [{ address: '192.0.2.1', family: 4 }]),
    }),
    'error',
  );
  expect(error.message).toContain('must not reach the network');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = connect({
    port,
    host: 'lms.example',
    lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  await once(socket, 'connect');
  socket.destroy();
  server.close();
});

test('this machine may be reached', async () => {
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await expect(fetch(`http://127.0.0.1:${port}/`).then((reply) => reply.text())).resolves.toBe('here');
  server.close();
});
