import type { DomainError } from '../errors.ts';

/** Codes of failures that a bearer token mends, and what RFC 6750 §3.1 calls them; none where no token was sent. */
const bearerErrors: Readonly<Record<string, string | undefined>> = {
  token_missing: '',
  session_ended: '',
  token_invalid: 'invalid_token',
  token_expired: 'invalid_token',
  insufficient_scope: 'insufficient_scope',
};

/**
 * The `WWW-Authenticate` header of a failure that a bearer token mends (RFC 6750 §3; RFC 9110 §11.6.1).
 *
 * @returns undefined for every other failure
 */
export function bearerChallenge({ code, details }: DomainError): string | undefined {
  const error = bearerErrors[code];
  if (error === undefined) return undefined;
  const scope = typeof details?.scope === 'string' ? details.scope : undefined;
  return [
    'Bearer realm="gatehouse"',
    // RFC 6750 §3.1: without a token there is nothing to say of it.
    ...(error === '' ? [] : [`error="${error}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
  ].join(', ');
}
