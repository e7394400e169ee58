import type { RequestHandler } from 'express';
import type { DomainError, ErrorKind } from '../errors.ts';
import { contextOf } from './request-context.ts';

/** Routes behind it tell failures as an OAuth token endpoint does (RFC 6749 §5.2). */
export const forOAuthClients: RequestHandler = (_request, response, next) => {
  contextOf(response).audience = 'oauth_clients';
  next();
};

/** Codes of RFC 6749 §5.2 and of registration: an error that carries one of them as its own is told by it. */
const codes = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  // RFC 7591 §3.2.2.
  'invalid_redirect_uri',
  'invalid_client_metadata',
];

/** Failures of a bearer token, where an endpoint for OAuth clients wants one (RFC 6750 §3.1). */
const bearerCodes: Readonly<Record<string, string>> = {
  token_missing: 'invalid_token',
  token_invalid: 'invalid_token',
};

/** What else can go wrong, in the words OAuth has for it (RFC 6749 §4.1.2.1, §5.2). */
const codeOfKind: Record<ErrorKind, string> = {
  input: 'invalid_request',
  unauthenticated: 'invalid_client',
  forbidden: 'unauthorized_client',
  not_found: 'invalid_request',
  conflict: 'invalid_request',
  too_large: 'invalid_request',
  rate_limited: 'temporarily_unavailable',
  upstream: 'temporarily_unavailable',
  internal: 'server_error',
};

/** The body of a refused token request. `reason` and `reference` are ours, for whoever has to mend it. */
export interface OAuthErrorBody {
  error: string;
  error_description: string;
  reason: string;
  reference: string;
}

export function toOAuthError(error: DomainError, reference: string): OAuthErrorBody {
  const { kind, code, message, details } = error;
  return {
    error: codes.includes(code) ? code : (bearerCodes[code] ?? codeOfKind[kind]),
    // RFC 6749 §5.2: printable ASCII without quotes and backslashes.
    error_description: message.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?'),
    reason: typeof details?.reason === 'string' ? details.reason : code,
    reference,
  };
}
