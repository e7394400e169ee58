import {
  type Attributes,
  context,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { DomainError } from './errors.ts';

/** What a span is about. Attributes hold ids, patterns, hosts and codes only, as in the log. */
export interface SpanOptions {
  kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  attributes?: Attributes;
  /** W3C Trace Context §3.2 of the cause, as it came with a request or a job. */
  traceparent?: string | undefined;
}

/** Traces and metrics. Switched off, every call goes straight through. */
export interface Telemetry {
  readonly on: boolean;
  /** Runs `work` inside a span; what it starts below belongs to the span. A throw marks the span as failed. */
  span<T>(name: string, options: SpanOptions, work: (span: OpenSpan) => T): T;
  /** The current span for a job's payload or an outbound header; undefined outside any. */
  traceparent(): string | undefined;
  /** Adds to the histogram `name`; durations are in seconds. */
  record(name: string, value: number, attributes: Attributes): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export interface OpenSpan {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Takes over the end: the span stays open past `work` until this is called. */
  keepOpen(): () => void;
}

const silent: OpenSpan = { set: () => undefined, rename: () => undefined, keepOpen: () => () => undefined };

export const telemetryOff: Telemetry = {
  on: false,
  span: (_name, _options, work) => work(silent),
  traceparent: () => undefined,
  record: () => undefined,
  stop: async () => undefined,
};

export interface TelemetryOptions {
  serviceName: string;
  /** OTLP/HTTP endpoint for traces. */
  tracesUrl: string | undefined;
  /** Where Prometheus reads metrics. */
  metrics: { host: string; port: number } | undefined;
}

/**
 * Opens what is configured. The SDK and its exporters are loaded only then: they are many modules, and
 * most hubs start without them.
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  if (options.tracesUrl === undefined && options.metrics === undefined) return telemetryOff;
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    serviceName: options.serviceName,
    autoDetectResources: false,
    instrumentations: [],
    ...(options.tracesUrl === undefined
      ? { spanProcessors: [] }
      : { traceExporter: await loadTraceExporter(options.tracesUrl) }),
    metricReaders: options.metrics === undefined ? [] : [await loadPrometheus(options.metrics)],
  });
  sdk.start();
  return { ...instruments(), stop: () => sdk.shutdown() };
}

async function loadTraceExporter(url: string) {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url });
}

async function loadPrometheus(address: { host: string; port: number }) {
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  const exporter = new PrometheusExporter({ ...address, preventServerStart: true });
  try {
    await exporter.startServer();
  } catch (cause) {
    throw new DomainError(
      'conflict',
      'metrics_port_unavailable',
      `Metrics cannot be served on ${address.host}:${address.port}. Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port.`,
      { cause },
    );
  }
  return exporter;
}

const spanKinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

function instruments(): Omit<Telemetry, 'stop'> {
  const tracer = trace.getTracer('gatehouse');
  const meter = metrics.getMeter('gatehouse');
  const histograms = new Map<string, ReturnType<typeof meter.createHistogram>>();
  return {
    on: true,
    span: (name, { kind, attributes = {}, traceparent }, work) => {
      const active = context.active();
      const parent = traceparent === undefined ? active : propagation.extract(active, { traceparent });
      const span = tracer.startSpan(name, { kind: spanKinds[kind], attributes }, parent);
      return context.with(trace.setSpan(parent, span), () => runInSpan(span, work));
    },
    traceparent: () => {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
    record: (name, value, attributes) => {
      let histogram = histograms.get(name);
      if (histogram === undefined) {
        histogram = meter.createHistogram(name, {
          unit: 's',
          advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] },
        });
        histograms.set(name, histogram);
      }
      histogram.record(value, attributes);
    },
  };
}

function runInSpan<T>(span: Span, work: (span: OpenSpan) => T): T {
  let keptOpen = false;
  const fail = (error: unknown): never => {
    // The message may quote data, so a span keeps the code alone.
    const code = error instanceof DomainError ? error.code : 'internal';
    span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    throw error;
  };
  const handle: OpenSpan = {
    set: (attributes) => void span.setAttributes(attributes),
    rename: (name) => void span.updateName(name),
    keepOpen: () => {
      keptOpen = true;
      return () => span.end();
    },
  };
  let result: T;
  try {
    result = work(handle);
  } catch (error) {
    return fail(error);
  }
  if (result instanceof Promise) {
    return result.then((value) => {
      if (!keptOpen) span.end();
      return value;
    }, fail) as T;
  }
  if (!keptOpen) span.end();
  return result;
}
