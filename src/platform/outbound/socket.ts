import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type Lookup, resolveAddresses } from './connector.ts';
import { timeoutError, toOutboundError } from './failure.ts';

export interface SocketOptions {
  /** Lets it reach this machine: for demo and tests only. */
  allowLoopback: boolean;
  /** Addresses that an operator lets be reached besides (networks.ts). */
  permits?: ((address: string) => boolean) | undefined;
  lookup?: Lookup | undefined;
  signal: AbortSignal;
}

const connectTimeoutMs = 10_000;
/** How long one of several addresses of a host may take before the next is tried. */
const attemptTimeoutMs = 2000;

/**
 * Opens a connection for a protocol that is not HTTP, to an address judged as those of calls are. The caller destroys it.
 *
 * @throws DomainError input: outbound_address_refused; upstream: outbound_dns_failed, outbound_timeout,
 *   outbound_connection_failed; the signal's reason
 */
export async function openGuardedSocket(host: string, port: number, options: SocketOptions): Promise<Socket> {
  const { signal } = options;
  const addresses = await resolveAddresses(host, options);
  signal.throwIfAborted();
  const socket = connect({ ...reach(host, addresses), port, noDelay: true });
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

/** The addresses that were judged, one after the other: no second answer of the name server counts. */
function reach(host: string, addresses: readonly string[]): Partial<TcpNetConnectOpts> {
  const [first = '', ...others] = addresses;
  if (others.length === 0) return { host: first };
  const judged = addresses.map((address) => ({ address, family: isIP(address) }));
  return {
    host,
    lookup: (_host, _options, done) => done(null, judged),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
  };
}
