const minuteMs = 60_000;
/** Waits after each failed try: news is worth having for a day. */
const waitsMs = [1, 2, 5, 15, 60, 240, 720].map((minutes) => minutes * minuteMs);

export type RetryPlan = { kind: 'again'; afterMs: number } | { kind: 'dead' };

/**
 * What follows a failed try.
 *
 * @param tries those made, this one included
 * @param isFinal no try can do better, as where the address is refused
 */
export function planRetry(tries: number, isFinal: boolean): RetryPlan {
  const afterMs = waitsMs[tries - 1];
  return isFinal || afterMs === undefined ? { kind: 'dead' } : { kind: 'again', afterMs };
}
