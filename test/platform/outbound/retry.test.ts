import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter, planRetry } from '../../../src/platform/outbound/retry.ts';

const budget = { attempts: 1, retries: 3, remainingMs: 60_000, random: 0 };

describe('planRetry', () => {
  test.each([429, 502, 503, 504])('status %d is tried again', (status) => {
    expect(planRetry({ status }, budget)).toBeTypeOf('number');
  });

  test.each([200, 304, 400, 401, 403, 404, 409, 422, 500, 501])('status %d is final', (status) => {
    expect(planRetry({ status }, budget)).toBeUndefined();
  });

  test.each([
    ['outbound_connection_failed', true],
    ['outbound_dns_failed', true],
    ['outbound_tls_failed', false],
    ['outbound_address_refused', false],
    ['outbound_too_large', false],
    ['outbound_timeout', false],
  ])('%s is tried again: %s', (errorCode, again) => {
    expect(planRetry({ errorCode }, budget) !== undefined).toBe(again);
  });

  test('stops after the allowed repetitions', () => {
    expect(planRetry({ status: 503 }, { ...budget, attempts: 3 })).toBeTypeOf('number');
    expect(planRetry({ status: 503 }, { ...budget, attempts: 4 })).toBeUndefined();
  });

  test('the wait doubles, up to a ceiling', () => {
    const waits = [1, 2, 3, 9].map((attempts) =>
      planRetry({ status: 503 }, { ...budget, retries: 9, attempts }),
    );
    expect(waits).toEqual([100, 200, 400, 2_500]);
  });

  test('is never shorter than Retry-After nor longer than the time left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 60_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryAfterMs, remainingMs, random) => {
          const wait = planRetry({ status: 429, retryAfterMs }, { ...budget, remainingMs, random });
          return wait === undefined || (wait >= retryAfterMs && wait < remainingMs);
        },
      ),
    );
  });

  test('a Retry-After beyond the bound is left to the caller', () => {
    expect(planRetry({ status: 429, retryAfterMs: 30_000 }, budget)).toBe(30_100);
    expect(planRetry({ status: 429, retryAfterMs: 30_001 }, budget)).toBeUndefined();
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['12', 12_000],
    [' 0 ', 0],
    ['Tue, 01 Jan 2030 00:00:30 GMT', 30_000],
    ['Mon, 31 Dec 2029 23:59:00 GMT', 0],
    ['99999999999999999999', undefined],
  ])('%j is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
