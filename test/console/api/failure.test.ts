import { expect, test } from 'vitest';
import { CallFailure, decideRetry, readFailure } from '../../../src/console/api/failure.ts';

const problem = {
  code: 'run_state',
  detail: 'Wait until it has ended.',
  reference: 'AB12-CD34',
  status: 409,
};

test('a problem gives its code, what to do and the reference to read out', () => {
  const failure = readFailure(409, 'application/problem+json', JSON.stringify(problem));
  expect(failure).toMatchObject({ code: 'run_state', status: 409, reference: 'AB12-CD34' });
  expect(failure.advice).toBe('Wait until it has ended.');
});

test.each([
  ['text/html', '<h1>Bad gateway</h1>'],
  ['application/problem+json', '{"title":'],
  ['application/problem+json', '[]'],
  [null, ''],
])('of an answer that is not the hub’s nothing is shown: %s %s', (mediaType, text) => {
  expect(readFailure(502, mediaType, text)).toMatchObject({ code: 'answer_unreadable', advice: undefined });
});

test('only what may pass by itself is tried again, twice', () => {
  const failure = (status: number) => new CallFailure({ code: 'x', status });
  expect([0, 503, 401, 403, 404, 409, 429, 500].filter((status) => decideRetry(0, failure(status)))).toEqual([
    0, 503,
  ]);
  expect(decideRetry(2, failure(0))).toBe(false);
});
