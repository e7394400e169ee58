import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '../errors.ts';

export interface ListenOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  handler: RequestListener;
}

export interface HttpServer {
  readonly port: number;
  /**
   * Stops accepting, lets requests under way finish and closes; what is left after `timeoutMs` is cut off.
   *
   * @returns how many connections were cut off
   */
  stop(timeoutMs: number): Promise<number>;
}

/**
 * Listens for requests, with limits against slow and oversized ones.
 *
 * @throws DomainError `port_in_use`, `port_forbidden`, `address_unavailable`
 */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const { host, port, handler } = options;
  let stopping = false;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (stopping) response.setHeader('Connection', 'close');
    handler(request, response);
  };
  const server = createServer(
    {
      // Logins carry the LMS's hints in the address.
      maxHeaderSize: 32 * 1024,
      headersTimeout: 10_000,
      // A district's package takes minutes. Other bodies have 30 seconds (readBody), and one that stalls is cut off.
      requestTimeout: 900_000,
      // Longer than the idle time of usual load balancers, so that they and not the hub close first.
      keepAliveTimeout: 65_000,
    },
    answer,
  );
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response);
    answer(request, response);
  });
  await open(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async (timeoutMs) => {
      stopping = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      let cut = 0;
      const deadline = setTimeout(() => {
        server.getConnections((_error, count) => {
          cut = count;
          server.closeAllConnections();
        });
      }, timeoutMs);
      // A connection kept alive by an answer that began before the stop becomes idle only now.
      const sweep = setInterval(() => server.closeIdleConnections(), 25);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
      return cut;
    },
  };
}

/**
 * A sender that waits to be asked for its body (RFC 9110 §10.1.1) is asked when somebody begins to read it. Where it is too
 * long or nobody may send it, the refusal comes in place of that.
 */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const ask = (event: string | symbol) => {
    if (event !== 'data' && event !== 'readable') return;
    request.off('newListener', ask);
    if (!response.headersSent) response.writeContinue();
  };
  request.on('newListener', ask);
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen({ host, port }, () => resolve());
  });
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const advice: Record<string, [string, string]> = {
    EADDRINUSE: [
      'port_in_use',
      `Port ${port} is in use by another program. Stop it, or set PORT to another one.`,
    ],
    EACCES: ['port_forbidden', `Port ${port} may not be opened by this user. Set PORT to one above 1023.`],
    EADDRNOTAVAIL: ['address_unavailable', `${host} is no address of this machine. Set HOST to one that is.`],
    ENOTFOUND: [
      'address_unavailable',
      `${host} is no name of this machine. Set HOST to one of its addresses.`,
    ],
  };
  const [code, message] = advice[cause.code ?? ''] ?? [
    'listen_failed',
    `Port ${port} on ${host} cannot be opened (${cause.code ?? 'unknown error'}). Set HOST and PORT to others.`,
  ];
  return new DomainError('conflict', code, message, { cause });
}
