import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { Telemetry } from '../telemetry.ts';
import { contextOf } from './request-context.ts';

/**
 * Writes one line per request when its answer is sent or cut off: method, pattern of the route, status, time
 * and the ids that the route noted. The address itself is left out, since queries carry hints and states.
 */
export function logRequests(log: Log, telemetry: Telemetry): RequestHandler {
  return (request, response, next) => {
    const context = contextOf(response);
    response.once('close', () => {
      const milliseconds = Math.round((performance.now() - context.startedAt) * 10) / 10;
      const finished = response.writableFinished;
      const route = context.route ?? 'none';
      // 499: the client was gone before its answer, as proxies note it.
      const status = finished ? response.statusCode : 499;
      const { reference, facts } = context;
      log.info('request', { ...facts, reference, method: request.method, route, status, milliseconds });
      if (!telemetry.on) return;
      telemetry.record('http.server.request.duration', milliseconds / 1000, {
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': status,
      });
    });
    next();
  };
}
