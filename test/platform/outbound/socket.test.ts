import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openGuardedSocket, type SocketOptions } from '../../../src/platform/outbound/socket.ts';
import { serve } from './loopback-server.ts';

const open = (host: string, port: number, options: Partial<SocketOptions> = {}) =>
  openGuardedSocket(host, port, { allowLoopback: true, signal: new AbortController().signal, ...options });

test('a socket is opened to the address that was judged', async () => {
  const { port } = await serve((_, response) => response.end());
  const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
  const socket = await open('sftp.example', port, { lookup });
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
  await once(socket, 'close');
});

test('addresses inside a network are refused, by name and as they are', async () => {
  const refused = { code: 'outbound_address_refused' };
  await expect(open('169.254.169.254', 22)).rejects.toMatchObject(refused);
  await expect(open('::1', 22, { allowLoopback: false })).rejects.toMatchObject(refused);
  await expect(open('localhost', 22, { allowLoopback: false })).rejects.toMatchObject(refused);
  const lookup = async () => [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  await expect(open('sftp.example', 22, { lookup })).rejects.toMatchObject(refused);
});

test('what cannot be reached, found or waited for is told', async () => {
  await expect(open('127.0.0.1', 1)).rejects.toMatchObject({ code: 'outbound_connection_failed' });
  const lookup = () => Promise.reject(new Error('no such name'));
  await expect(open('nowhere.example', 22, { lookup })).rejects.toMatchObject({
    code: 'outbound_dns_failed',
  });
  await expect(open('127.0.0.1', 1, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
    'stop',
  );
});
