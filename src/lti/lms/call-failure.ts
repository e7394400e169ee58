import { readHostDown } from '../../health/breaker/call-end.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseRetryAfter } from '../../platform/outbound/retry.ts';
import type { ServiceOutcome } from './service-calls.ts';
import { isRefusedAddress } from './token-fault.ts';

/** What a call was about, since a missing line item is another thing than a missing course. */
export type CallSubject = 'course' | 'line_item' | 'memberships' | 'groups' | 'notices';

/** What people call the service that was called. */
const serviceNames: Partial<Record<CallSubject, string>> = {
  memberships: 'class list',
  groups: 'list of groups',
  notices: 'notification service',
};
const serviceOf = (subject: CallSubject) => serviceNames[subject] ?? 'gradebook';

/**
 * The error of a call whose answer is no success, as `LmsGradebook` and `LmsMemberships` throw it. What the LMS wrote is not told: it can
 * quote personal data.
 */
export function toServiceError(outcome: ServiceOutcome, subject: CallSubject, now: number): DomainError {
  switch (outcome.kind) {
    case 'no_token': {
      const { kind, reason, retryAfterMs } = outcome.fault;
      return kind === 'configuration'
        ? misconfigured(subject, reason)
        : unavailable(subject, reason, { retryAfterMs });
    }
    case 'failed': {
      const { error } = outcome;
      if (isRefusedAddress(error.code)) return misconfigured(subject, 'address_refused', error);
      if (/^outbound_(answer_invalid|too_large|encoding_refused|body_invalid)$/.test(error.code)) {
        return answerInvalid(error, subject);
      }
      const waitUntil = readHostDown(error);
      const retryAfterMs = waitUntil === undefined ? undefined : Math.max(0, waitUntil - now);
      return unavailable(subject, error.code, { retryAfterMs }, error);
    }
    case 'answered': {
      const { status, headers } = outcome.response;
      if (status === 401)
        return misconfigured(subject, outcome.lacksScope ? 'scope_missing' : 'access_denied');
      if (status === 403 && outcome.lacksScope) return misconfigured(subject, 'scope_missing');
      if (subject === 'line_item' && (status === 404 || status === 410)) return lineItemGone();
      if (status >= 500 || [408, 425, 429].includes(status)) {
        const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
        return unavailable(subject, status === 429 ? 'throttled' : 'server_error', {
          status,
          retryAfterMs,
        });
      }
      return refused(subject, status);
    }
  }
}

/** The LMS answered with something that is not what the service's specification says. */
export function answerInvalid(cause?: unknown, subject: CallSubject = 'course'): DomainError {
  return new DomainError(
    'upstream',
    'lms_answer_invalid',
    `The LMS’s ${serviceOf(subject)} sent an answer that does not follow LTI Advantage. Tell its maker.`,
    { cause },
  );
}

function unavailable(
  subject: CallSubject,
  reason: string,
  details: Record<string, unknown>,
  cause?: unknown,
): DomainError {
  return new DomainError(
    'upstream',
    'lms_unavailable',
    `The LMS’s ${serviceOf(subject)} cannot be reached just now. Try again later.`,
    { cause, details: { reason, ...details } },
  );
}

function refused(subject: CallSubject, status: number): DomainError {
  return new DomainError(
    'upstream',
    'lms_refused',
    `The LMS’s ${serviceOf(subject)} refused the call with status ${status}. Check that the tool may do this in the course.`,
    { details: { status } },
  );
}

function misconfigured(subject: CallSubject, reason: string, cause?: unknown): DomainError {
  return new DomainError(
    'conflict',
    'lms_misconfigured',
    `The LMS does not let the hub use its ${serviceOf(subject)}. Check the connection’s settings here and there.`,
    { cause, details: { reason } },
  );
}

function lineItemGone(): DomainError {
  return new DomainError(
    'not_found',
    'lms_line_item_gone',
    'The LMS has no such line item any more. List the line items to see what there is.',
  );
}

/** The connection cannot be used now: `details.reason` says why. */
export function connectionUnusable(
  reason: 'connection_disabled',
  subject: CallSubject = 'course',
): DomainError {
  return misconfigured(subject, reason);
}
