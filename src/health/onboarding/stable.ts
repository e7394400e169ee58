/** Exchanges of one day of a connection, by the school's own clocks. */
export interface DayCounts {
  /** Number of the day. */
  day: number;
  valid: number;
  failed: number;
}

/** So many good days in a row make an integration stable. */
export const goodDaysWanted = 7;

/**
 * The day after whose end a live integration is stable: the seventh good one with no bad one between. A day is good when its
 * failure rate is within the target. A day without traffic proves nothing: weekends neither count nor break the row.
 *
 * @param days those that are over, since it went live; in any order, and those without traffic may be left out
 * @param target share of exchanges that have to succeed
 */
export function decideStableDay(days: readonly DayCounts[], target: number): number | undefined {
  let good = 0;
  for (const { day, valid, failed } of [...days].sort((a, b) => a.day - b.day)) {
    if (valid === 0) continue;
    good = isWithin({ valid, failed }, target) ? good + 1 : 0;
    if (good === goodDaysWanted) return day;
  }
  return undefined;
}

/** Whether so many failures are within a target; the counts are whole, so a hair of rounding decides nothing. */
export function isWithin({ valid, failed }: { valid: number; failed: number }, target: number): boolean {
  return failed <= valid * (1 - target) + 1e-9;
}
