import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import { type Answer, type AttemptContext, makeAttempt, type OutboundAttempt } from './attempt.ts';
import { createGuardedConnector, type Lookup } from './connector.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { type Hop, planRedirect } from './redirect.ts';
import { parseRetryAfter, planRetry } from './retry.ts';
import { parseOutboundUrl } from './url.ts';

export interface OutboundOptions {
  /** Lets http and https reach loopback, and resolves `*.localhost` to it: for demo and tests only. */
  readonly allowLoopback: boolean;
  /** Names the hub to the other side; some systems refuse calls without it. */
  readonly userAgent: string;
  /** Resolves host names; the system's resolver by default. */
  readonly lookup?: Lookup;
  readonly clock?: Clock;
  /** Is told of every attempt, redirect hops and repetitions included. */
  readonly onAttempt?: (attempt: OutboundAttempt) => void;
  /** PEM certificates trusted instead of the built-in authorities. */
  readonly certificateAuthorities?: string;
  /** Waits between repetitions, `ms` milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface OutboundRequest {
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole call in milliseconds: redirects, repetitions and waits included. Default 10 000. */
  readonly timeoutMs?: number;
  /** Largest body, on the wire and decompressed. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Redirects to follow, GET and HEAD only. Default 0: any redirect is an error. */
  readonly redirects?: number;
  /** Repetitions after a passing failure or 429, 502, 503, 504; only of an idempotent request. Default 0. */
  readonly retries?: number;
  /** Default: true for GET and HEAD, else false. */
  readonly idempotent?: boolean;
  /** Ends the call early, as when a job is handed back. */
  readonly signal?: AbortSignal;
  /**
   * Takes the body of an answer of success piece by piece, decompressed, in place of keeping it: for files larger than
   * memory. The answer's own body is then empty. Called once for each attempt that is answered so.
   */
  readonly receive?: (chunks: AsyncIterable<Buffer>) => Promise<void>;
}

export interface OutboundResponse {
  /** Any status that is not a redirect; an error status is the caller's to judge. */
  readonly status: number;
  /** Lower-case names; repeated fields joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** The body as UTF-8. */
  text(): string;
  /** @throws DomainError upstream: outbound_body_invalid. */
  json(): unknown;
}

/**
 * One guarded HTTP call.
 *
 * @throws DomainError input: outbound_url_invalid, outbound_url_credentials_refused,
 *   outbound_scheme_refused, outbound_address_refused, outbound_request_invalid;
 *   upstream: outbound_timeout, outbound_aborted, outbound_too_large, outbound_encoding_refused,
 *   outbound_redirect_refused, outbound_dns_failed, outbound_tls_failed, outbound_answer_invalid,
 *   outbound_connection_failed.
 */
export type OutboundFetch = (request: OutboundRequest) => Promise<OutboundResponse>;

export interface Outbound extends OutboundFetch {
  /** Waits for calls under way and closes idle connections. */
  close(): Promise<void>;
}

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 1024 * 1024;
/**
 * Per host, so that one slow server cannot hold every socket of the process; many, since schools share hosts, and one
 * whose calls hang must leave room for the others.
 */
const connectionsPerOrigin = 512;

/** Builds the guard that every outbound HTTP call passes. Proxy settings of the environment do not apply. */
export function createOutbound(options: OutboundOptions): Outbound {
  const clock = options.clock ?? systemClock;
  const wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal }));
  const dispatcher = new Agent({
    connect: createGuardedConnector(options),
    connections: connectionsPerOrigin,
  });

  const call: OutboundFetch = async (request) => {
    let hop = firstHop(request, options);
    const deadline = startDeadline(request.timeoutMs ?? defaultTimeoutMs, hop.url.hostname, request.signal);
    const context: AttemptContext = {
      dispatcher,
      userAgent: options.userAgent,
      maxBytes: request.maxBytes ?? defaultMaxBytes,
      signal: deadline.signal,
      onAttempt: options.onAttempt,
      receive: request.receive,
    };
    try {
      for (let hopsLeft = request.redirects ?? 0; ; hopsLeft -= 1) {
        const answer = await attemptWithRetries(hop, request, context, deadline);
        const plan = planRedirect(
          hop,
          { status: answer.status, location: answer.headers.location },
          hopsLeft,
        );
        if (plan.kind === 'none') return toResponse(answer, hop.url);
        if (plan.kind === 'refuse') throw redirectRefused(hop.url, plan.reason);
        hop = { ...hop, url: parseOutboundUrl(plan.target, options), headers: plan.headers };
      }
    } finally {
      deadline.release();
    }
  };

  async function attemptWithRetries(
    hop: Hop,
    request: OutboundRequest,
    context: AttemptContext,
    deadline: Deadline,
  ): Promise<Answer> {
    const idempotent = request.idempotent ?? (hop.method === 'GET' || hop.method === 'HEAD');
    const retries = idempotent ? (request.retries ?? 0) : 0;
    for (let attempts = 1; ; attempts += 1) {
      const result = await makeAttempt(hop, context);
      const outcome = result.ok
        ? {
            status: result.answer.status,
            retryAfterMs: parseRetryAfter(result.answer.headers['retry-after'], clock.now()),
          }
        : { errorCode: result.error.code };
      const waitMs = planRetry(outcome, {
        attempts,
        retries,
        remainingMs: deadline.remainingMs(),
        random: Math.random(),
      });
      if (waitMs === undefined) {
        if (result.ok) return result.answer;
        throw result.error;
      }
      // An abort while waiting is met again, with its reason, by the next attempt.
      await wait(waitMs, context.signal).catch(() => {});
    }
  }

  return Object.assign(call, { close: () => dispatcher.close() });
}

function firstHop(request: OutboundRequest, options: OutboundOptions): Hop {
  const url = parseOutboundUrl(request.url, options);
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  // A Host of the caller's would also become the name that the certificate is checked against.
  delete headers.host;
  return { url, method: request.method ?? 'GET', headers, body: request.body };
}

function redirectRefused(url: URL, reason: string): DomainError {
  return new DomainError(
    'upstream',
    'outbound_redirect_refused',
    'The other server redirects elsewhere. Enter the final address instead.',
    { details: { host: url.hostname, reason } },
  );
}

function toResponse(answer: Answer, url: URL): OutboundResponse {
  const text = () => new TextDecoder().decode(answer.body);
  return { ...answer, url: url.href, text, json: () => parseJson(text(), url) };
}

function parseJson(text: string, url: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the body, which may be personal data, so it is not kept as cause.
    throw new DomainError('upstream', 'outbound_body_invalid', 'The other server did not answer with JSON.', {
      details: { host: url.hostname },
    });
  }
}
