import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { traceOutbound } from '../../src/platform/outbound/traced.ts';
import { openTelemetry, telemetryOff } from '../../src/platform/telemetry.ts';

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

const sent: SentSpan[] = [];
const collector = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  sent.push(
    ...JSON.parse(body).resourceSpans.flatMap((r: { scopeSpans: { spans: SentSpan[] }[] }) =>
      r.scopeSpans.flatMap((s) => s.spans),
    ),
  );
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(0, '127.0.0.1');
await once(collector, 'listening');
const { port } = collector.address() as AddressInfo;
const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const metricsPort = (free.address() as AddressInfo).port;
await new Promise((resolve) => free.close(resolve));

const telemetry = await openTelemetry({
  serviceName: 'gatehouse test',
  tracesUrl: `http://127.0.0.1:${port}/v1/traces`,
  metrics: { host: '127.0.0.1', port: metricsPort },
});
afterAll(() => collector.close());

test('switched off, work runs straight through and nothing is known of a trace', async () => {
  expect(telemetryOff.span('a', { kind: 'internal' }, () => 'done')).toBe('done');
  expect(telemetryOff.traceparent()).toBeUndefined();
  const call = async () => ({}) as never;
  expect(traceOutbound(call, telemetryOff)).toBe(call);
});

test('neither traces nor metrics asked for is off', async () => {
  expect(await openTelemetry({ serviceName: 'x', tracesUrl: undefined, metrics: undefined })).toBe(
    telemetryOff,
  );
});

test('metrics are served to Prometheus', async () => {
  telemetry.record('http.server.request.duration', 0.02, { 'http.route': '/t/:slug/lti/login' });
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(text).toContain('http_server_request_duration');
  expect(text).toContain('/t/:slug/lti/login');
});

test('a request, its job and the job’s outbound call are one trace', async () => {
  let jobPayload: string | undefined;
  let outboundHeader: string | undefined;
  await telemetry.span('request', { kind: 'server' }, async () => {
    await Promise.resolve();
    jobPayload = telemetry.traceparent();
  });
  expect(jobPayload).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(telemetry.traceparent()).toBeUndefined();
  const call = traceOutbound(async (request) => {
    outboundHeader = request.headers?.traceparent;
    return { status: 200 } as never;
  }, telemetry);
  await telemetry.span('job', { kind: 'consumer', traceparent: jobPayload }, () =>
    call({ url: 'https://lms.example/scores/7' }),
  );
  await expect(
    telemetry.span('failing', { kind: 'internal' }, () => Promise.reject(new Error('x'))),
  ).rejects.toThrow('x');
  await telemetry.stop();

  const named = (name: string) => sent.find((span) => span.name === name)!;
  const outbound = named('GET lms.example');
  expect(named('job').traceId).toBe(named('request').traceId);
  expect(named('job').parentSpanId).toBe(named('request').spanId);
  expect(outbound.parentSpanId).toBe(named('job').spanId);
  expect(outboundHeader).toBe(`00-${outbound.traceId}-${outbound.spanId}-01`);
  expect(JSON.stringify(sent)).not.toContain('/scores/7');
  expect(named('failing')).toMatchObject({ status: { code: 2 } });
});
