const minute = 60_000;
const hour = 60 * minute;

/** Waits after the first, second, … failed try; the last one repeats. */
const waits = [2_000, 10_000, 30_000, 2 * minute, 5 * minute, 15 * minute, 30 * minute, hour];

/**
 * How long one score is tried before it is given up: longer than a weekend with a holiday, in milliseconds. Time in which
 * it was due and nobody tried, since its connection was paused, stopped or down, does not count.
 */
export const giveUpAfterMs = 4 * 24 * hour;

/** Nothing waits longer for its next try, in milliseconds. */
export const longestWaitMs = 6 * hour;
/** What seems to wait longer than this was written by a clock that ran ahead, in milliseconds. */
export const impossibleWaitMs = longestWaitMs + hour;

/**
 * The wait before the next try, in milliseconds: half fixed and half random, so that lines that failed together do not
 * come back together, and never less than the destination asked for.
 *
 * @param tries failed tries in a row, from 1
 * @param random 0 ≤ random < 1
 */
export function planWait(tries: number, random: number, retryAfterMs = 0): number {
  const wait = waits[Math.min(tries, waits.length) - 1] ?? hour;
  return Math.min(Math.max(retryAfterMs, wait / 2 + (wait / 2) * random), longestWaitMs);
}

/** How often a connection that a fault of configuration has stopped is tried by one score, in milliseconds. */
export const probeEveryMs = 5 * minute;
