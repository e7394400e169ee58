import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { toOutboundError } from './failure.ts';

export interface TlsOptions {
  /** The host name or the address that the certificate has to be for. */
  readonly serverName: string;
  /** PEM certificates trusted instead of the built-in authorities. */
  readonly certificateAuthorities?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Secures an open connection (TLS 1.2 or later). The connection is destroyed when that fails.
 *
 * @throws DomainError upstream: outbound_tls_failed (its cause carries OpenSSL's code), outbound_connection_failed;
 *   the signal's reason
 */
export async function secureSocket(socket: Socket, options: TlsOptions): Promise<TLSSocket> {
  const { serverName, certificateAuthorities, signal } = options;
  signal.throwIfAborted();
  const secure = connect({
    socket,
    // RFC 6066 §3: an address is not sent as a server name.
    ...(isIP(serverName) === 0 && { servername: serverName }),
    ...(certificateAuthorities !== undefined && { ca: certificateAuthorities }),
    minVersion: 'TLSv1.2',
    // Said here so that no environment variable can switch the check off.
    rejectUnauthorized: true,
    // Node.js compares with `localhost` where a connection was opened beforehand and no name was sent.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  // A server that hangs up during the handshake ends the connection without an error of TLS.
  const close = () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  secure.once('secureConnect', resolve);
  secure.once('error', reject);
  secure.once('close', close);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await promise;
    return secure;
  } catch (error) {
    secure.on('error', () => {}).destroy();
    socket.on('error', () => {}).destroy();
    signal.throwIfAborted();
    throw toOutboundError(error, serverName);
  } finally {
    signal.removeEventListener('abort', abort);
    secure.off('error', reject);
    secure.off('close', close);
  }
}
