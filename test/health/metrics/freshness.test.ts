import { expect, test } from 'vitest';
import { freshnessOf } from '../../../src/health/metrics/freshness.ts';

const hour = 3_600_000;
const nightly = { since: 0, cadenceMs: 24 * hour, now: 100 * hour, pauses: [] };

test.each([
  [36, false],
  [36.25, true],
])('a nightly roster of %f hours ago is a breach: %s', (hours, isBreached) => {
  const lastSuccess = nightly.now - hours * hour;
  expect(freshnessOf({ ...nightly, lastSuccess })).toEqual({
    ageMs: hours * hour,
    cadenceMs: 24 * hour,
    isBreached,
  });
});

test('declared pauses are left out, once where they overlap', () => {
  const pauses = [
    { from: 50 * hour, to: 70 * hour },
    { from: 60 * hour, to: 75 * hour },
    { from: 40 * hour, to: 42 * hour },
    { from: 99 * hour, to: 120 * hour },
  ];
  const { ageMs } = freshnessOf({ ...nightly, lastSuccess: 45 * hour, pauses });
  expect(ageMs).toBe((55 - 25 - 1) * hour);
});

test('what never came is overdue from when it was expected', () => {
  expect(freshnessOf({ ...nightly, lastSuccess: null })).toMatchObject({ ageMs: null, isBreached: true });
  expect(freshnessOf({ ...nightly, lastSuccess: null, since: 80 * hour }).isBreached).toBe(false);
});

test('without a cadence there is an age and no breach', () => {
  expect(freshnessOf({ ...nightly, lastSuccess: 0, cadenceMs: null })).toEqual({
    ageMs: 100 * hour,
    cadenceMs: null,
    isBreached: false,
  });
});
