import type { Problem } from '../../../contracts/http/problem.ts';
import { DomainError, type ErrorKind } from '../errors.ts';

/** The one place that knows status numbers (RFC 9110 §15). */
const statusOfKind: Record<ErrorKind, number> = {
  input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  upstream: 502,
  internal: 500,
};

/** Codes whose status says more than their kind does. */
const statusOfCode: Readonly<Record<string, number>> = {
  method_not_allowed: 405,
  body_too_slow: 408,
  unsupported_media_type: 415,
  database_unavailable: 503,
  not_ready: 503,
  lms_unavailable: 503,
};

const titleOfKind: Record<ErrorKind, string> = {
  input: 'The request is not understood',
  unauthenticated: 'Sign-in is required',
  forbidden: 'This is not allowed',
  not_found: 'There is nothing here',
  conflict: 'This does not fit the present state',
  too_large: 'The request is too large',
  rate_limited: 'Too many requests',
  upstream: 'A partner did not answer as expected',
  internal: 'Something went wrong in the hub',
};

/** What a failure looks like from outside. Only a `DomainError` speaks for itself. */
export function toProblem(error: unknown, reference: string): Problem {
  const { kind, code, message, details } = toDomainError(error);
  return {
    // RFC 9457 §3.1.1: a tag URI (RFC 4151) identifies the type without promising a page behind it.
    type: `tag:gatehouse,2026:problem:${code}`,
    title: titleOfKind[kind],
    status: statusOfCode[code] ?? statusOfKind[kind],
    detail: message,
    code,
    reference,
    ...(details !== undefined && { details }),
  };
}

/** The error as one of ours: what express throws is translated, all else is internal. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return (
    fromExpress(error) ??
    new DomainError(
      'internal',
      'internal',
      'Something went wrong in the hub. Try again, or tell us the reference.',
      {
        cause: error,
      },
    )
  );
}

/** Failures that express itself throws carry a status; a malformed percent-encoding is a URIError. */
function fromExpress(cause: unknown): DomainError | undefined {
  if (!(cause instanceof Error) || !('status' in cause) || typeof cause.status !== 'number') return undefined;
  if (cause instanceof URIError) {
    return new DomainError('input', 'address_malformed', 'The address has a malformed percent-encoding.', {
      cause,
    });
  }
  return cause.status < 500
    ? new DomainError('input', 'request_malformed', 'The request is not understood.', { cause })
    : undefined;
}
