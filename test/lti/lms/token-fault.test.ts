import { expect, test } from 'vitest';
import { decideTokenFault } from '../../../src/lti/lms/token-fault.ts';

function answered(status: number, body: unknown, retryAfterMs?: number) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { kind, reason } = decideTokenFault({ kind: 'answered', status, text, retryAfterMs });
  return `${kind} ${reason}`;
}

test.each<[number, unknown, string]>([
  [400, { error: 'invalid_client' }, 'configuration token_refused'],
  [401, { error: 'invalid_client' }, 'configuration token_refused'],
  // Brightspace, of an assertion
  [400, { error: 'invalid_grant' }, 'configuration token_refused'],
  [400, { error: 'unauthorized_client' }, 'configuration token_refused'],
  [400, { error: 'invalid_scope' }, 'configuration scope_missing'],
  [404, '<h1>Not found</h1>', 'configuration token_refused'],
  [400, 'null', 'configuration token_refused'],
  [403, 'Forbidden', 'configuration token_refused'],
  [403, '403 Forbidden (Rate Limit Exceeded)', 'temporary token_unavailable'],
  [408, '', 'temporary token_unavailable'],
  [429, { error: 'slow_down' }, 'temporary token_unavailable'],
  [500, { error: 'invalid_client' }, 'temporary token_unavailable'],
  [503, '', 'temporary token_unavailable'],
  [200, '<h1>Sign in</h1>', 'configuration token_refused'],
  [201, { token: 'x' }, 'configuration token_refused'],
])('a token endpoint answering %i %j: %s', (status, body, expected) => {
  expect(answered(status, body)).toBe(expected);
});

test.each([
  ['outbound_timeout', 'temporary', 'token_unavailable'],
  ['outbound_connection_failed', 'temporary', 'token_unavailable'],
  ['outbound_dns_failed', 'temporary', 'token_unavailable'],
  ['outbound_tls_failed', 'temporary', 'tls_failed'],
  ['outbound_address_refused', 'configuration', 'address_refused'],
  ['outbound_scheme_refused', 'configuration', 'address_refused'],
  ['outbound_redirect_refused', 'configuration', 'address_refused'],
])('a token endpoint that cannot be asked (%s): %s %s', (code, kind, reason) => {
  expect(decideTokenFault({ kind: 'failed', code })).toEqual({ kind, reason });
});

test('the endpoint’s wish to be left alone is passed on', () => {
  const answer = { kind: 'answered', status: 503, text: '', retryAfterMs: 9_000 } as const;
  expect(decideTokenFault(answer)).toMatchObject({ httpStatus: 503, retryAfterMs: 9_000 });
});
