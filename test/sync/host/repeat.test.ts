import { expect, test } from 'vitest';
import { mostTries, planRepeat } from '../../../src/sync/host/repeat.ts';

test('only what passes by itself is tried again', () => {
  const again = (outcome: Parameters<typeof planRepeat>[0]) => planRepeat(outcome, 1, 0) !== undefined;
  expect([429, 502, 503, 504].map((status) => again({ status }))).toEqual([true, true, true, true]);
  expect([200, 400, 401, 403, 404, 422, 500, 501].some((status) => again({ status }))).toBe(false);
  expect(again({ errorCode: 'outbound_connection_failed' })).toBe(true);
  expect(again({ errorCode: 'outbound_timeout' })).toBe(true);
  expect(again({ errorCode: 'outbound_tls_failed' })).toBe(false);
  expect(again({ errorCode: 'outbound_address_refused' })).toBe(false);
});

test('a name that cannot be asked for is tried again, one that does not exist is not', () => {
  expect(planRepeat({ errorCode: 'outbound_dns_failed', cause: 'EAI_AGAIN' }, 1, 0)).toBe(500);
  expect(planRepeat({ errorCode: 'outbound_dns_failed', cause: 'ENOTFOUND' }, 1, 0)).toBeUndefined();
});

test('waits double up to a minute, spread by chance, and end with the tries', () => {
  const waits = [1, 2, 3, 4, 5].map((tries) => planRepeat({ status: 503 }, tries, 0));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  expect(planRepeat({ status: 503 }, 1, 0.999)).toBeCloseTo(999.5);
  expect(planRepeat({ status: 503 }, mostTries, 0)).toBeUndefined();
});

test('a wish of the source comes on top, up to five minutes', () => {
  expect(planRepeat({ status: 429, retryAfterMs: 300_000 }, 1, 0)).toBe(300_500);
  expect(planRepeat({ status: 429, retryAfterMs: 300_001 }, 1, 0)).toBeUndefined();
});
