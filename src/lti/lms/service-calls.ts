import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch, OutboundRequest, OutboundResponse } from '../../platform/outbound/fetch.ts';
import { type AnswerPattern, fitsPattern, quirksOf } from '../quirks.ts';
import { type HeldToken, type LmsAccessTokens, type TokenUse, useOfScope } from './access-tokens.ts';
import type { LmsCourse } from './gradebook.ts';
import type { TokenFault } from './token-fault.ts';

export interface ServiceRequest {
  url: string;
  method: NonNullable<OutboundRequest['method']>;
  /** Scope the call needs, to say so where the LMS has not given it. */
  scope: string;
  /** Which token it takes, where that does not follow from the scope. */
  use?: TokenUse | undefined;
  /** Media type wanted back; Moodle answers 400 to a GET that does not say. */
  accept?: string;
  contentType?: string;
  body?: string;
  /** Ends the call, waiting for a token included. */
  signal: AbortSignal;
}

/** How a call ended; an error status is the caller's to judge. */
export type ServiceOutcome =
  | {
      kind: 'answered';
      response: OutboundResponse;
      /** The LMS has not given the token for the scope the call needs. */
      lacksScope: boolean;
    }
  | { kind: 'no_token'; fault: TokenFault }
  /** The guard's error. */
  | { kind: 'failed'; error: DomainError };

/** Calls a service of an LMS with an access token. */
export type CallService = (
  course: LmsCourse,
  registration: ServiceRegistration,
  request: ServiceRequest,
) => Promise<ServiceOutcome>;

const timeoutMs = 10_000;
/** A page of a large course. */
const maxBytes = 4 * 1024 * 1024;

/**
 * Builds the way every service call goes: a token, the guarded call, and once more with a fresh token where the LMS no
 * longer takes the one at hand.
 */
export function createServiceCalls(services: { tokens: LmsAccessTokens; fetch: OutboundFetch }): CallService {
  const { tokens, fetch } = services;

  async function callWith(held: HeldToken, request: ServiceRequest): Promise<ServiceOutcome> {
    const { url, method, accept, contentType, body, signal } = request;
    try {
      const response = await fetch({
        url,
        method,
        headers: {
          authorization: `Bearer ${held.token}`,
          ...(accept !== undefined && { accept }),
          ...(contentType !== undefined && { 'content-type': contentType }),
        },
        ...(body !== undefined && { body }),
        timeoutMs,
        maxBytes,
        signal,
      });
      const lacksScope = held.scopes !== undefined && !held.scopes.includes(request.scope);
      return { kind: 'answered', response, lacksScope };
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'failed', error };
      throw error;
    }
  }

  return async (course, registration, request) => {
    const use = request.use ?? useOfScope(request.scope);
    const token = () => orAborted(request.signal, tokens.get(course, registration, use));
    const first = await token();
    if (first === 'aborted') return late;
    if (!first.ok) return { kind: 'no_token', fault: first.fault };
    const outcome = await callWith(first.held, request);
    if (!isStaleToken(outcome, registration)) return outcome;
    await orAborted(request.signal, tokens.drop(course, registration, first.held, use));
    const second = await token();
    if (second === 'aborted') return late;
    return second.ok ? callWith(second.held, request) : { kind: 'no_token', fault: second.fault };
  };
}

const late: ServiceOutcome = {
  kind: 'no_token',
  fault: { kind: 'temporary', reason: 'token_unavailable' },
};

/** RFC 6750 §3.1, and what single LMSs say instead. */
function isStaleToken(outcome: ServiceOutcome, { family }: ServiceRegistration): boolean {
  if (outcome.kind !== 'answered') return false;
  const { status, headers } = outcome.response;
  const { staleToken, answers } = quirksOf(family).grades;
  const fits = (pattern: AnswerPattern) =>
    fitsPattern({ status, headers, text: outcome.response.text() }, pattern);
  if (status === 401) return !answers.some(fits);
  return staleToken.some(fits);
}

/** The work's result, or 'aborted' as soon as the signal says so; the work itself goes on for whoever shares it. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve('aborted');
    const abort = () => resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
