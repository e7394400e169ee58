import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createOutbound, type Outbound, type OutboundOptions } from '../../../src/platform/outbound/fetch.ts';

/** A real server on 127.0.0.1 for one test; `hits` counts what reached it. */
export async function serve(
  listener: RequestListener,
  tls?: { key: string; cert: string },
): Promise<{ port: number; hits: () => number; hosts: string[] }> {
  let hits = 0;
  const hosts: string[] = [];
  const counted: RequestListener = (request, response) => {
    hits += 1;
    hosts.push(request.headers.host ?? '');
    listener(request, response);
  };
  const server: Server = tls === undefined ? createServer(counted) : createTlsServer(tls, counted);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, hits: () => hits, hosts };
}

/** A guard for one test; it never asks the machine's resolver unless the test brings one. */
export function openOutbound(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({
    allowLoopback: true,
    userAgent: 'Gatehouse test',
    lookup: () => Promise.reject(new Error('no lookup in this test')),
    wait: () => Promise.resolve(),
    ...options,
  });
  onTestFinished(() => outbound.close());
  return outbound;
}
