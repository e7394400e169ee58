import type { RequestHandler } from 'express';
import type { Telemetry } from '../telemetry.ts';
import { contextOf } from './request-context.ts';

/**
 * Puts every request into a span that ends with its answer, named by the pattern of the route
 * (OpenTelemetry semantic conventions for HTTP). A caller's own trace is not continued: anyone could send one.
 */
export function traceRequests(telemetry: Telemetry): RequestHandler {
  return (request, response, next) => {
    telemetry.span(request.method, { kind: 'server' }, (span) => {
      const end = span.keepOpen();
      const context = contextOf(response);
      response.once('close', () => {
        const route = context.route ?? 'none';
        span.rename(`${request.method} ${route}`);
        span.set({
          'http.request.method': request.method,
          'http.route': route,
          'http.response.status_code': response.statusCode,
          'gatehouse.reference': context.reference,
        });
        end();
      });
      next();
    });
  };
}
