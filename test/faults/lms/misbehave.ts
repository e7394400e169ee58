import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultKind } from './faults.ts';
import type { Policy } from './gradebook.ts';

/** Longer than any client waits. */
const hangMs = 40_000;

/**
 * Does to a request what a fault of this kind is.
 *
 * @returns whether that was the answer; otherwise the request goes on in order
 */
export async function misbehave(
  kind: FaultKind,
  policy: Policy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const socket: Socket = request.socket;
  switch (kind) {
    case 'slow_before':
    case 'slow_after':
      await delay(400);
      return false;
    case 'error_before':
    case 'error_after':
      json(response, 500, { errors: [{ message: 'An error occurred.' }] });
      return true;
    case 'throttle':
      // Canvas says it with 403, others as RFC 6585 §4.
      if (policy === 'applies_equal') response.writeHead(403).end('403 Forbidden (Rate Limit Exceeded)');
      else response.writeHead(429, { 'Retry-After': '2' }).end();
      return true;
    case 'garbage_before':
    case 'garbage_after':
      socket.end('<html>Service Temporarily Unavailable</html>\r\n\r\n');
      return true;
    case 'cut_before':
    case 'cut_after':
      socket.end();
      return true;
    case 'hang_after':
      await delay(hangMs, undefined, { ref: false });
      return false;
    case 'tokens_forgotten':
      return false;
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json',
): void {
  response.writeHead(status, { 'Content-Type': type }).end(JSON.stringify(body));
}
