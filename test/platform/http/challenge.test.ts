import { expect, test } from 'vitest';
import { DomainError } from '../../../src/platform/errors.ts';
import { endpoint } from '../../../src/platform/http/endpoint.ts';
import { serve } from './support/serve.ts';

const challengeOf = async (error: DomainError) => {
  const { origin } = await serve((router) => {
    endpoint(router, '/fail', { get: () => Promise.reject(error) });
  });
  const reply = await fetch(`${origin}/fail`);
  return [reply.status, reply.headers.get('www-authenticate')];
};

test.each([
  ['token_missing', 'Bearer realm="gatehouse"'],
  ['token_invalid', 'Bearer realm="gatehouse", error="invalid_token"'],
  ['token_expired', 'Bearer realm="gatehouse", error="invalid_token"'],
])('%s is answered 401 with a challenge', async (code, challenge) => {
  expect(await challengeOf(new DomainError('unauthenticated', code, 'Mend it.'))).toEqual([401, challenge]);
});

test('a missing scope is answered 403 and names the scope', async () => {
  const error = new DomainError('forbidden', 'insufficient_scope', 'Mend it.', { details: { scope: 'a:b' } });
  expect(await challengeOf(error)).toEqual([
    403,
    'Bearer realm="gatehouse", error="insufficient_scope", scope="a:b"',
  ]);
});

test('a failure that no bearer token mends has no challenge', async () => {
  expect(await challengeOf(new DomainError('forbidden', 'other_site', 'Mend it.'))).toEqual([403, null]);
});
