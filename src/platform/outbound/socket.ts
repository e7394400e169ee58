import { connect, type Socket } from 'node:net';
import { type Lookup, resolveAddress } from './connector.ts';
import { timeoutError, toOutboundError } from './failure.ts';

export interface SocketOptions {
  /** Lets it reach this machine: for demo and tests only. */
  allowLoopback: boolean;
  lookup?: Lookup | undefined;
  signal: AbortSignal;
}

const connectTimeoutMs = 10_000;

/**
 * Opens a connection for a protocol that is not HTTP, to an address judged as those of calls are. The caller destroys it.
 *
 * @throws DomainError input: outbound_address_refused; upstream: outbound_dns_failed, outbound_timeout,
 *   outbound_connection_failed; the signal's reason
 */
export async function openGuardedSocket(host: string, port: number, options: SocketOptions): Promise<Socket> {
  const { signal } = options;
  const address = await resolveAddress(host, options);
  signal.throwIfAborted();
  // The address that was judged: no second answer of the name server counts.
  const socket = connect({ host: address, port, noDelay: true });
  const stop = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.aborted ? signal.reason : timeoutError(host));
  socket.once('connect', resolve);
  socket.once('error', reject);
  stop.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    signal.throwIfAborted();
    throw toOutboundError(error, host);
  } finally {
    stop.removeEventListener('abort', abort);
    socket.off('error', reject);
  }
  return socket;
}
