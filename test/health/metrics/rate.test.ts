import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateOf } from '../../../src/health/metrics/rate.ts';

test.each([
  // Values of the literature: Newcombe 1998, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the interval of %i of %i is from %f to %f', (part, whole, low, high) => {
  const rate = rateOf(part, whole);
  expect(rate.low).toBeCloseTo(low, 4);
  expect(rate.high).toBeCloseTo(high, 4);
});

test('nothing counted is no rate of zero', () => {
  expect(rateOf(0, 0)).toEqual({ part: 0, whole: 0, share: null, low: null, high: null, isSmall: true });
});

test('below twenty a percentage says more than is known', () => {
  expect([rateOf(1, 19).isSmall, rateOf(1, 20).isSmall]).toEqual([true, false]);
});

test('the interval lies around the share and within 0 and 1, and more exchanges make it narrower', () => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 5_000 }), (some, whole) => {
      const rate = rateOf(Math.min(some, whole), whole);
      const { low, high, share } = rate as { low: number; high: number; share: number };
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      const larger = rateOf(rate.part * 4, whole * 4);
      expect((larger.high ?? 1) - (larger.low ?? 0)).toBeLessThan(high - low);
    }),
  );
});
