import type { IncomingMessage, ServerResponse } from 'node:http';

/** Handles one HTTP request; an express app is one. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The parts of the demo by the first label of their host name. */
export interface DemoParts {
  lms: HttpHandler;
  tool: HttpHandler;
  /** The student information system of one of the schools, where there is one. */
  sis?: HttpHandler;
  /** The OpenID provider of one of the schools, where there is one. */
  id?: HttpHandler | undefined;
  hub: HttpHandler;
}

/**
 * One handler for one port: lms.localhost, tool.localhost, sis.localhost, id.localhost and hub.localhost are sites of their own to a
 * browser. Plain localhost (or an address) leads to the LMS's front page; other hosts get 421.
 */
export function serveByHost(parts: DemoParts): HttpHandler {
  const byLabel = new Map<string, HttpHandler | undefined>(Object.entries(parts));
  return (request, response) => {
    const [host = '', port] = (request.headers.host ?? '').toLowerCase().split(':');
    const label = host.split('.')[0] ?? '';
    const handler = host.startsWith('127.') ? undefined : byLabel.get(label);
    if (handler) return handler(request, response);
    if (host === 'localhost' || host === '127.0.0.1') {
      const location = `http://lms.localhost${port === undefined ? '' : `:${port}`}/`;
      return response.writeHead(302, { Location: location }).end();
    }
    // RFC 9110 §15.5.20: this server does not answer for that host.
    return response.writeHead(421, { 'Content-Type': 'text/plain' }).end('Unknown host.\n');
  };
}
