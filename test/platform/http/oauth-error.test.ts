import { expect, test } from 'vitest';
import { DomainError } from '../../../src/platform/errors.ts';
import { endpoint } from '../../../src/platform/http/endpoint.ts';
import { forOAuthClients } from '../../../src/platform/http/oauth-error.ts';
import { serve } from './support/serve.ts';

const answerTo = async (error: unknown) => {
  const { origin, lines } = await serve((router) => {
    router.use('/token', forOAuthClients);
    endpoint(router, '/token', { post: () => Promise.reject(error) });
  });
  const reply = await fetch(`${origin}/token`, { method: 'POST', headers: { accept: 'text/html' } });
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown>, lines };
};

test('an error of OAuth’s own is told by its code, with our reason and reference', async () => {
  const error = new DomainError('input', 'invalid_scope', 'Ask for less.', {
    details: { reason: 'too_much' },
  });
  expect(await answerTo(error)).toMatchObject({
    status: 400,
    body: {
      error: 'invalid_scope',
      error_description: 'Ask for less.',
      reason: 'too_much',
      reference: expect.stringMatching(/^.{4}-.{4}$/),
    },
  });
});

test.each([
  ['too_large', 413, 'invalid_request'],
  ['unauthenticated', 401, 'invalid_client'],
  ['rate_limited', 429, 'temporarily_unavailable'],
  ['upstream', 502, 'temporarily_unavailable'],
] as const)('a failure of kind %s is answered %i and told as %s', async (kind, status, error) => {
  const answer = await answerTo(new DomainError(kind, 'some_code', 'Say "why" – here.'));
  expect(answer).toMatchObject({ status, body: { error, reason: 'some_code' } });
  expect(answer.body.error_description).toBe("Say 'why' ? here.");
});

test('an unexpected error shows none of its words and is logged', async () => {
  const { status, body, lines } = await answerTo(new Error('password=hunter2'));
  expect([status, body.error]).toEqual([500, 'server_error']);
  expect(JSON.stringify(body) + JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines.map(({ event }) => event)).toContain('request_failed');
});
