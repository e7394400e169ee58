import { onTestFinished } from 'vitest';
import { type Connector, ConnectorError, type Limits } from '../../../contracts/connector.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Log } from '../../../src/platform/log.ts';
import type { HostAttempt } from '../../../src/sync/host/connector-fetch.ts';
import type { UploadReader } from '../../../src/sync/host/files/file-source.ts';
import { createHost, type HostOptions, type OpenedConnector } from '../../../src/sync/host/host.ts';
import { openOutbound } from '../../platform/outbound/loopback-server.ts';

/** A clock that stands still, but for waits, which pass at once. */
export interface SteppedClock extends Clock {
  waits: number[];
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createSteppedClock(at = Date.UTC(2026, 10, 21)): SteppedClock {
  let now = at;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export interface OpenOptions extends Partial<HostOptions> {
  limitsOfConnector?: Partial<Limits>;
  settings?: object;
  upload?: UploadReader;
  signal?: AbortSignal;
  isProbe?: boolean;
  tenantId?: string;
}

/** What a connector gets from the real host, over the real guard, with time that can be looked at. */
export function openContext(options: OpenOptions = {}): {
  context: OpenedConnector;
  clock: SteppedClock;
  attempts: HostAttempt[];
  lines: unknown[];
} {
  const clock = createSteppedClock();
  const attempts: HostAttempt[] = [];
  const { log, lines } = createLineLog();
  const host = createHost({
    outbound: openOutbound({ clock }),
    clock,
    log,
    dropFolder: undefined,
    allowLoopback: true,
    wait: clock.wait,
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
  const limits = { concurrency: 4, requestsPerSecond: 1_000, pageSize: 100, ...options.limitsOfConnector };
  const context = host.open({
    tenantId: options.tenantId ?? '00000000-0000-7000-8000-000000000001',
    connectionId: '00000000-0000-7000-8000-000000000002',
    connector: { id: 'test', limits } as Connector,
    settings: options.settings ?? {},
    upload: options.upload,
    isProbe: options.isProbe,
    signal: options.signal ?? new AbortController().signal,
  });
  onTestFinished(() => context.close());
  return { context, clock, attempts, lines };
}

/** A log whose lines can be read. */
export function createLineLog(): { log: Log; lines: unknown[] } {
  const lines: unknown[] = [];
  const write = (event: string, fields?: object) => lines.push({ event, ...fields });
  return { lines, log: { debug: write, info: write, warn: write, error: write, flush: () => {} } };
}

/** Failure and code of what a call is refused with. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return `${error.failure}: ${error.code}`;
  throw new Error(`not refused by a ConnectorError: ${String(error)}`, { cause: error });
}

/** Bytes as an upload. */
export function uploadOf(bytes: Buffer | string, name = 'package.zip'): UploadReader {
  const whole = Buffer.from(bytes);
  return {
    name,
    bytes: whole.length,
    async *read() {
      for (let at = 0; at < whole.length; at += 64 * 1024) yield whole.subarray(at, at + 64 * 1024);
    },
  };
}

/** Everything of a stream. */
export async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  // The next one may be written over it.
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}
