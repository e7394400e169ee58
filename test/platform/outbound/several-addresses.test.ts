import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openGuardedSocket } from '../../../src/platform/outbound/socket.ts';

const lookupOf =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));
const signal = new AbortController().signal;

test('a host with several addresses is reached at the one that answers', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const lookup = lookupOf('127.0.0.9', '127.0.0.1');
  const socket = await openGuardedSocket('dc.school.example', port, { allowLoopback: true, lookup, signal });
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
});

test('one address that may not be reached refuses the name, and an operator may open it', async () => {
  const lookup = lookupOf('127.0.0.1', '10.0.0.1');
  const open = (permits?: (address: string) => boolean) =>
    openGuardedSocket('dc.school.example', 9, { allowLoopback: true, lookup, signal, permits });
  await expect(open()).rejects.toMatchObject({ code: 'outbound_address_refused' });
  await expect(open((address) => address === '10.0.0.2')).rejects.toMatchObject({
    code: 'outbound_address_refused',
  });
  // Judged well; that nobody is there, the network says.
  await expect(open((address) => address === '10.0.0.1')).rejects.toMatchObject({ kind: 'upstream' });
});
