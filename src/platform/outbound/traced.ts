import type { Telemetry } from '../telemetry.ts';
import type { OutboundFetch } from './fetch.ts';

/**
 * The same guarded call inside a client span, with the trace handed on to the other side (W3C Trace Context).
 * Switched off, it is the call itself.
 */
export function traceOutbound(call: OutboundFetch, telemetry: Telemetry): OutboundFetch {
  if (!telemetry.on) return call;
  return (request) => {
    const method = request.method ?? 'GET';
    // The path may hold identifiers, so a span keeps the host alone.
    const host = URL.canParse(request.url) ? new URL(request.url).host : 'invalid';
    const attributes = { 'http.request.method': method, 'server.address': host };
    return telemetry.span(`${method} ${host}`, { kind: 'client', attributes }, async (span) => {
      const traceparent = telemetry.traceparent();
      const headers = traceparent === undefined ? request.headers : { ...request.headers, traceparent };
      const reply = await call(headers === undefined ? request : { ...request, headers });
      span.set({ 'http.response.status_code': reply.status });
      return reply;
    });
  };
}
