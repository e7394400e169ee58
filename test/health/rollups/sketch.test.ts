import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, durationOf, percentileOf } from '../../../src/health/rollups/sketch.ts';

test('what is read out of a bucket is right to one in a hundred', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 180 * 86_400_000 }), (ms) => {
      expect(Math.abs(durationOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.0101);
    }),
  );
});

test('percentiles of a sum are those of the whole', () => {
  const duration = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1 }),
      fc.array(duration),
      fc.constantFrom(0.5, 0.9, 0.99, 1),
      (a, b, share) => {
        const buckets = [...a, ...b].map((ms) => ({ bucket: bucketOf(ms), count: 1 }));
        const all = [...a, ...b].sort((x, y) => x - y);
        const exact = all[Math.ceil(share * all.length) - 1]!;
        expect(Math.abs(percentileOf(buckets, share)! - exact) / exact).toBeLessThanOrEqual(0.0101);
      },
    ),
  );
});

test('nothing has no percentile, and what took no time counts as a millisecond', () => {
  expect(percentileOf([], 0.5)).toBeUndefined();
  expect(bucketOf(0)).toBe(0);
});

test('the part of a thousand is not one more for its floating point', () => {
  const buckets = Array.from({ length: 1000 }, (_, bucket) => ({ bucket, count: 1 }));
  expect(percentileOf(buckets, 0.999)).toBe(durationOf(998));
});
