/**
 * Durations are kept as a DDSketch (Masson, Rim, Lee: DDSketch, VLDB 2019): in bucket b lie those above base^(b−1) up to
 * base^b milliseconds, so that whatever is read out of it is right to one in a hundred. Sums of buckets are the sketch of the
 * whole; percentiles of percentiles would be nothing.
 */
export const sketchBase = 1.0202;

/** A grade that is delivered within this time after it was accepted is on time. */
export const onTimeMs = 15 * 60_000;

export interface SketchBucket {
  readonly bucket: number;
  readonly count: number;
}

/** The bucket of a duration. What is shorter than a millisecond counts as one. */
export function bucketOf(ms: number): number {
  return Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(sketchBase));
}

/** The value that is at most one in a hundred away from every one in the bucket, in milliseconds. */
export function durationOf(bucket: number): number {
  return (2 * sketchBase ** bucket) / (sketchBase + 1);
}

/**
 * The smallest duration that at least this share of all do not exceed, in milliseconds.
 *
 * @param share above 0, up to 1
 * @returns undefined where there is none
 */
export function percentileOf(buckets: readonly SketchBucket[], share: number): number | undefined {
  const sorted = buckets.toSorted((a, b) => a.bucket - b.bucket);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  // Counted from below: 99.9 % of a thousand are 999, whatever comes of it in floating point.
  let left = Math.ceil(Number((share * total).toFixed(6)));
  for (const { bucket, count } of sorted) {
    left -= count;
    if (left <= 0) return durationOf(bucket);
  }
  return undefined;
}
