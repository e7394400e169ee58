const minuteMs = 60_000;
/** Waits after each failed try: together three days, a weekend in which nobody mends a tool among them. */
const waitsMs = [1, 2, 5, 15, 60, 240, 720, 1_440, 1_800].map((minutes) => minutes * minuteMs);

export type RetryPlan = { kind: 'again'; afterMs: number } | { kind: 'dead' };

/**
 * What follows a failed try.
 *
 * @param tries those made, this one included
 * @param isFinal no try can do better
 * @param random 0 ≤ random < 1: what failed together does not come back together
 */
export function planRetry(tries: number, isFinal: boolean, random: number): RetryPlan {
  const afterMs = waitsMs[tries - 1];
  if (isFinal || afterMs === undefined) return { kind: 'dead' };
  return { kind: 'again', afterMs: Math.round(afterMs * (1 + random / 4)) };
}
