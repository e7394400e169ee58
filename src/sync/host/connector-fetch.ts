import { randomInt } from 'node:crypto';
import {
  ConnectorError,
  type ConnectorFetch,
  type ConnectorRequest,
  type ConnectorResponse,
} from '../../../contracts/connector.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch, OutboundRequest, OutboundResponse } from '../../platform/outbound/fetch.ts';
import { parseRetryAfter } from '../../platform/outbound/retry.ts';
import { causeCode, toConnectorError } from './failure.ts';
import type { Limiter, Wait } from './limiter.ts';
import { isBusy, mostTries, planRepeat, type TryOutcome } from './repeat.ts';

/** One try of a call, as health counts it: nothing in it can name a person. */
export interface HostAttempt {
  tenantId: string;
  connectionId: string;
  host: string;
  /** Counts up from 1 with the tries of one call. */
  attempt: number;
  /** Of the HTTP status, where the source answered. */
  statusClass: '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | undefined;
  status: number | undefined;
  /** Stable code of the failure, where it did not. */
  errorCode: string | undefined;
  /** Unix milliseconds. */
  startedAt: number;
  milliseconds: number;
}

export interface FetchOptions {
  outbound: OutboundFetch;
  limiter: Limiter;
  wait: Wait;
  now: () => number;
  signal: AbortSignal;
  onAttempt(attempt: Omit<HostAttempt, 'tenantId' | 'connectionId'>): void;
}

/** A call that the host makes for itself also says where the body goes. */
export type HostRequest = ConnectorRequest & Pick<OutboundRequest, 'receive' | 'timeoutMs' | 'redirects'>;

const defaultMaxBytes = 64 * 1024 * 1024;
/** Of one try. A page of ten thousand rows takes some systems more than a minute. */
const timeoutMs = 120_000;

/**
 * Makes the call of one connection: slowed to its limits, and repeated where the source is busy or the way to it is
 * disturbed. A POST is repeated too, since connectors read, and ask for tokens at most.
 */
export function createConnectorFetch(options: FetchOptions): ConnectorFetch {
  return async (request) => toResponse(await callSource(options, request));
}

/**
 * The same call with the whole answer of the guard.
 *
 * @throws ConnectorError; the signal's reason when the run is stopped
 */
export async function callSource(options: FetchOptions, request: HostRequest): Promise<OutboundResponse> {
  const { limiter, wait, signal } = options;
  for (let tries = 1; ; tries += 1) {
    const result = await limiter.run(signal, () => makeTry(options, request, tries));
    const waitMs = planRepeat(result.outcome, tries, randomInt(1_000) / 1_000);
    if (waitMs === undefined) return settle(result, tries);
    // All calls of the connection rest where the source has asked for it, not this one alone.
    if (result.outcome.retryAfterMs !== undefined) limiter.rest(result.outcome.retryAfterMs);
    await wait(waitMs, signal);
  }
}

type TryResult =
  | { outcome: TryOutcome; response: OutboundResponse }
  | { outcome: TryOutcome; response?: undefined; error: DomainError };

async function makeTry(options: FetchOptions, request: HostRequest, attempt: number): Promise<TryResult> {
  const method = request.method ?? 'GET';
  const startedAt = options.now();
  const record = (end: { status?: number; errorCode?: string }) =>
    options.onAttempt({
      host: hostOf(request.url),
      attempt,
      startedAt,
      milliseconds: options.now() - startedAt,
      status: end.status,
      statusClass: end.status === undefined ? undefined : classOf(end.status),
      errorCode: end.errorCode,
    });
  try {
    const signed = await request.sign?.({ method, url: request.url });
    options.signal.throwIfAborted();
    const response = await options.outbound({
      url: request.url,
      method,
      headers: { accept: 'application/json', ...lowerCase(request.headers), ...lowerCase(signed) },
      ...(request.body !== undefined && { body: request.body }),
      ...(request.receive !== undefined && { receive: request.receive }),
      maxBytes: request.maxBytes ?? defaultMaxBytes,
      timeoutMs: request.timeoutMs ?? timeoutMs,
      redirects: request.redirects ?? 0,
      // `sign` has to be asked before each try, so the loop is here.
      retries: 0,
      signal: options.signal,
    });
    const { status, headers } = response;
    record({ status });
    const retryAfterMs = parseRetryAfter(headers['retry-after'], options.now());
    return { outcome: { status, retryAfterMs }, response };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof DomainError)) throw error;
    record({ errorCode: error.code });
    return { outcome: { errorCode: error.code, cause: causeCode(error) }, error };
  }
}

function settle(result: TryResult, tries: number): OutboundResponse {
  if (result.response === undefined) throw toConnectorError(result.error);
  if (!isBusy(result.response.status)) return result.response;
  const { status } = result.response;
  const words =
    status === 429
      ? 'The source says that it is asked too often. The run goes on later; ask for a higher limit if this stays so.'
      : 'The source is down or overloaded. The run goes on later.';
  throw new ConnectorError('unavailable', status === 429 ? 'source_busy' : 'source_down', words, {
    cause: new Error(`status ${status} after ${tries} of ${mostTries} tries`),
  });
}

function toResponse({ status, headers, text, json }: OutboundResponse): ConnectorResponse {
  return {
    status,
    headers,
    text,
    json: () => {
      if (isWebPage(headers['content-type'])) {
        throw new ConnectorError(
          'answer_invalid',
          'answer_is_web_page',
          'The source answers with a web page in place of data. Check the address: it may lead to a sign-in page.',
        );
      }
      try {
        return json();
      } catch (error) {
        throw toConnectorError(error);
      }
    },
  };
}

function isWebPage(contentType: string | undefined): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}

function classOf(status: number): NonNullable<HostAttempt['statusClass']> {
  return `${Math.floor(status / 100)}xx` as NonNullable<HostAttempt['statusClass']>;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
