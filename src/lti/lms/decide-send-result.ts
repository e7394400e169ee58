import type { GradeReason, SendResult } from '../../grades/destination.ts';
import { fitsPattern, type GradeQuirks } from '../quirks.ts';
import { isRefusedAddress, type TokenFault } from './token-fault.ts';

/** What came of sending a score. */
export type ScoreAnswer =
  | {
      kind: 'answered';
      status: number;
      text: string;
      /** Lower-case names. */
      headers: Readonly<Record<string, string>>;
      retryAfterMs: number | undefined;
      /** The token was not given for scores. */
      lacksScope: boolean;
    }
  | { kind: 'no_token'; fault: TokenFault }
  /**
   * No whole answer: the guard's code, and whether nothing can have left the hub; where the host is down and was not asked, when
   * it may be, in Unix milliseconds.
   */
  | { kind: 'failed'; code: string; neverSent: boolean; waitUntil?: number };

export interface SendContext {
  /** An earlier try may have got through. */
  maybeSent: boolean;
  /** The timestamp it went out with, where that is not the score's own. */
  sentAt: Date | undefined;
}

/** Decides what the answer to a score means for it and for its connection. */
export function decideSendResult(quirks: GradeQuirks, answer: ScoreAnswer, context: SendContext): SendResult {
  switch (answer.kind) {
    case 'no_token':
      return decideWithoutToken(answer.fault);
    case 'failed':
      return decideFailed(answer);
    case 'answered':
      return decideAnswered(quirks, answer, context);
  }
}

function decideAnswered(
  quirks: GradeQuirks,
  answer: ScoreAnswer & { kind: 'answered' },
  context: SendContext,
): SendResult {
  const { status: httpStatus } = answer;
  const delivered: SendResult = {
    kind: 'delivered',
    httpStatus,
    ...(context.sentAt !== undefined && { sentAt: context.sentAt }),
  };
  if (httpStatus >= 200 && httpStatus < 300) return delivered;
  const { kind, reason } = quirks.answers.find((each) => fitsPattern(answer, each)) ?? meaningOf(answer);
  const retryAfter = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs };
  switch (kind) {
    case 'superseded':
      // It is not newer than what is there, which after a try of unknown end is itself.
      return context.maybeSent ? delivered : { kind, httpStatus, reason };
    case 'permanent':
    case 'configuration':
      return { kind, httpStatus, reason };
    case 'throttled':
      return { kind, httpStatus, reason, ...retryAfter };
    case 'temporary':
      // A redirect stores nothing; a server that failed or was slow may have stored it before.
      return { kind, httpStatus, reason, maybeSent: httpStatus >= 500 || httpStatus === 408, ...retryAfter };
  }
}

interface Meaning {
  kind: 'superseded' | 'permanent' | 'throttled' | 'configuration' | 'temporary';
  reason: GradeReason;
}

/** AGS 2.0 §3.4 and RFC 9110 §15, where the LMS has no ways of its own. */
function meaningOf({ status, lacksScope, headers }: ScoreAnswer & { kind: 'answered' }): Meaning {
  if (status < 400) return { kind: 'temporary', reason: 'answer_invalid' };
  if (status >= 500) return { kind: 'temporary', reason: 'server_error' };
  switch (status) {
    case 401:
      if (lacksScope) return { kind: 'configuration', reason: 'scope_missing' };
      // RFC 6750 §3.1: it is the token. Without that word it may be about one course, as with 403.
      return {
        kind: /invalid_token/.test(headers['www-authenticate'] ?? '') ? 'configuration' : 'temporary',
        reason: 'access_denied',
      };
    case 403:
      // Without a word about the scope it may be about one course or person: the others of the connection go on.
      return lacksScope
        ? { kind: 'configuration', reason: 'scope_missing' }
        : { kind: 'temporary', reason: 'access_denied' };
    case 404:
    case 410:
      return { kind: 'permanent', reason: 'line_item_gone' };
    case 408:
      return { kind: 'temporary', reason: 'timeout' };
    case 409:
      // AGS 2.0 §3.4.9.
      return { kind: 'superseded', reason: 'older_than_stored' };
    case 425:
      return { kind: 'temporary', reason: 'server_error' };
    case 429:
      return { kind: 'throttled', reason: 'throttled' };
    default:
      return { kind: 'permanent', reason: 'score_invalid' };
  }
}

function decideWithoutToken({ kind, reason, httpStatus, retryAfterMs, waitUntil }: TokenFault): SendResult {
  if (waitUntil !== undefined) return { kind: 'wait', until: new Date(waitUntil) };
  const status = httpStatus === undefined ? {} : { httpStatus };
  if (kind === 'configuration') return { kind, reason, ...status };
  return { kind, reason, maybeSent: false, ...status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function decideFailed({ code, neverSent, waitUntil }: ScoreAnswer & { kind: 'failed' }): SendResult {
  if (waitUntil !== undefined) return { kind: 'wait', until: new Date(waitUntil) };
  // Where a name leads may change. How one line item's address is written does not, and says nothing of the others.
  if (code === 'outbound_address_refused') return { kind: 'configuration', reason: 'address_refused' };
  if (isRefusedAddress(code) && code !== 'outbound_redirect_refused') {
    return { kind: 'permanent', reason: 'address_refused' };
  }
  const temporary = (reason: GradeReason, maybeSent: boolean): SendResult => ({
    kind: 'temporary',
    reason,
    maybeSent: maybeSent && !neverSent,
  });
  switch (code) {
    case 'outbound_timeout':
    case 'outbound_aborted':
      return temporary('timeout', true);
    case 'outbound_connection_failed':
      return temporary('unreachable', true);
    case 'outbound_dns_failed':
      return temporary('unreachable', false);
    case 'outbound_tls_failed':
      return temporary('tls_failed', false);
    case 'outbound_redirect_refused':
    case 'outbound_request_invalid':
      return temporary('answer_invalid', false);
    default:
      return temporary('answer_invalid', true);
  }
}
