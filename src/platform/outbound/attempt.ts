import type { Dispatcher } from 'undici';
import type { DomainError } from '../errors.ts';
import { acceptedEncodings, readBody, streamBody } from './body.ts';
import { toOutboundError } from './failure.ts';
import type { Hop } from './redirect.ts';

/** What one attempt looked like from outside: enough for health and logs, and nothing personal. */
export interface OutboundAttempt {
  /** Host and port of the address; the path may hold identifiers and stays out. */
  readonly host: string;
  readonly method: string;
  /** HTTP status, where the server answered in full. */
  readonly status?: number;
  readonly ms: number;
  /** Stable code of the failure, where there was one. */
  readonly errorCode?: string;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; repeated fields are joined by a comma (RFC 9110 §5.2). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type AttemptResult =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly error: DomainError };

export interface AttemptContext {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  readonly maxBytes: number;
  /** Ends the attempt; its reason becomes the failure. */
  readonly signal: AbortSignal;
  readonly onAttempt: ((attempt: OutboundAttempt) => void) | undefined;
  /** Where the body of an answer of success goes; undefined: it is kept. */
  readonly receive: ((chunks: AsyncIterable<Buffer>) => Promise<void>) | undefined;
}

/** Sends one request and reads its whole answer; failures are returned, and every attempt is reported. */
export async function makeAttempt(hop: Hop, context: AttemptContext): Promise<AttemptResult> {
  const started = performance.now();
  const result = await exchange(hop, context);
  context.onAttempt?.({
    host: hop.url.host,
    method: hop.method,
    ms: performance.now() - started,
    ...(result.ok ? { status: result.answer.status } : { errorCode: result.error.code }),
  });
  return result;
}

async function exchange(hop: Hop, context: AttemptContext): Promise<AttemptResult> {
  try {
    // The dispatcher notices an abort only once a socket is open, so a hanging name server or handshake
    // is cut off here.
    return { ok: true, answer: await untilAborted(context.signal, () => send(hop, context)) };
  } catch (error) {
    const reason: unknown = context.signal.aborted ? context.signal.reason : error;
    return { ok: false, error: toOutboundError(reason, hop.url.hostname) };
  }
}

async function send(hop: Hop, context: AttemptContext): Promise<Answer> {
  const response = await context.dispatcher.request({
    origin: hop.url.origin,
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: { ...hop.headers, 'user-agent': context.userAgent, 'accept-encoding': acceptedEncodings },
    body: hop.body ?? null,
    signal: context.signal,
    // The signal bounds the whole call; a limit per phase would only be a second, looser one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = joinHeaders(response.headers);
  // RFC 9110 §9.3.2: a HEAD answer describes a body that is not there.
  const encoding = hop.method === 'HEAD' ? undefined : headers['content-encoding'];
  const status = response.statusCode;
  if (context.receive !== undefined && status >= 200 && status < 300) {
    await context.receive(streamBody(response.body, encoding, context.maxBytes));
    return { status, headers, body: Buffer.alloc(0) };
  }
  return { status, headers, body: await readBody(response.body, encoding, context.maxBytes) };
}

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
