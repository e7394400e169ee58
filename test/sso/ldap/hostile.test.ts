import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { DirectoryServer } from './directory-server.ts';
import { connect, openWorld, typed } from './world.ts';

/** A server that answers everything by one torrent of bytes. */
async function startTorrent(answer: (socket: Socket) => void): Promise<DirectoryServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port } as DirectoryServer;
}

const timeouts = { connectMs: 2000, operationMs: 2000, waitMs: 5000 };

test.each([
  // ExtendedResponse for a request that was never made, 10 bytes each.
  [
    'very many very small messages',
    Buffer.from([0x30, 0x08, 0x02, 0x01, 0x7f, 0x78, 0x03, 0x0a, 0x01, 0x00]),
    200_000,
    'directory_timeout',
  ],
  ['no LDAP at all', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 100, 'answer_invalid'],
  [
    'lengths that are not true',
    Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02]),
    1000,
    'search_limit',
  ],
  [
    'a result cut short',
    Buffer.from([0x30, 0x07, 0x02, 0x01, 0x02, 0x61, 0x02, 0x0a, 0x05]),
    1,
    'answer_invalid',
  ],
  // A client that reads leniently takes it for success.
  [
    'a bind answer without a result',
    Buffer.from([0x30, 0x05, 0x02, 0x01, 0x02, 0x61, 0x00]),
    1,
    'answer_invalid',
  ],
])('a directory that answers with %s fails alone', async (_name, message, times, reason) => {
  const server = await startTorrent((socket) => socket.write(Buffer.alloc(message.length * times, message)));
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server], { timeouts }), typed('ada'));
  expect(result).toMatchObject({ accepted: false, reason });
});

test('a directory that never ends its answer is cut off by size', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  // SearchResultEntry of 16 MB each, one after the other.
  const entry = Buffer.from([0x30, 0x84, 0x01, 0x00, 0x00, 0x05, 0x02, 0x01, 0x7f, 0x64, 0x78]);
  const server = await startTorrent((socket) => {
    const go = () => {
      do socket.write(entry);
      while (socket.writable && Array.from({ length: 16 }, () => socket.write(megabyte)).every(Boolean));
    };
    socket.on('drain', go);
    go();
  });
  const { directories } = openWorld();
  const slowly = { connectMs: 2000, operationMs: 15_000, waitMs: 5000 };
  const result = await directories.signIn(connect([server], { timeouts: slowly }), typed('ada'));
  expect(result).toMatchObject({ accepted: false, reason: 'search_limit' });
});
