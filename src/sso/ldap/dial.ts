import type { Socket } from 'node:net';
import type { Lookup } from '../../platform/outbound/connector.ts';
import { startDeadline } from '../../platform/outbound/deadline.ts';
import { openGuardedSocket } from '../../platform/outbound/socket.ts';
import { secureSocket } from '../../platform/outbound/tls.ts';
import { DirectoryError, toConnectError } from './failure.ts';
import type { Server } from './settings.ts';
import { requestStartTls } from './start-tls.ts';

export interface DialOptions {
  /** Lets it reach this machine: for demo and tests only, and for directories that the operator runs beside the hub. */
  allowLoopback: boolean;
  /** Addresses that the operator opened for directories (platform/outbound/networks.ts). */
  permits: (address: string) => boolean;
  lookup?: Lookup | undefined;
  /** PEM; undefined: the authorities that browsers trust. */
  certificateAuthorities: string | undefined;
  /** For everything: name, connection, StartTLS, TLS. */
  timeoutMs: number;
}

/**
 * Opens a connection to a server, ready for the first bind. The caller destroys it.
 *
 * @throws DirectoryError
 */
export async function dial(server: Server, options: DialOptions): Promise<Socket> {
  const deadline = startDeadline(options.timeoutMs, server.host, undefined);
  const opening = open(server, options, deadline.signal);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(deadline.signal.reason);
  deadline.signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([opening, stopped]);
  } catch (error) {
    // A name server that answers too late must not leave a connection behind.
    opening.then(
      (socket) => socket.destroy(),
      () => {},
    );
    throw toConnectError(error, server.host);
  } finally {
    deadline.signal.removeEventListener('abort', stop);
    deadline.release();
  }
}

async function open(server: Server, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  const { host, port, security, serverName } = server;
  const socket = await openGuardedSocket(host, port, { ...options, signal });
  const tls = { serverName, certificateAuthorities: options.certificateAuthorities, signal };
  try {
    if (security === 'tls') return await secureSocket(socket, tls);
    if (security === 'starttls') {
      await requestStartTls(socket, host, signal);
      return await secureSocket(socket, tls);
    }
    // The settings allow this for names of this machine; here the address has the last word.
    const isHere = /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
    if (!isHere) throw new DirectoryError('tls_failed', { host });
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  }
}
