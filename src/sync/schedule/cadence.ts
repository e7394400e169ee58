import { momentOf, wallTimeIn } from '../../platform/zoned-time.ts';
import type { Rollover } from './rollover.ts';
import { planNextRun, type Schedule } from './schedule.ts';

const weekMs = 7 * 86_400_000;
/** Enough for a schedule of every quarter of an hour over a day and a half: quicker ones are alike on all days. */
const mostRuns = 150;

/**
 * How often a schedule brings something, for who judges whether it is late: the longest time between two of the runs of the
 * coming week, so that the Monday after a weekend without runs is not late.
 *
 * @param now unix milliseconds
 * @returns milliseconds; undefined where the schedule names no two days that will come
 */
export function cadenceOf(schedule: Schedule, now: number): number | undefined {
  let last = planNextRun(schedule, now)?.at;
  if (last === undefined) return undefined;
  const end = last + weekMs;
  let longest: number | undefined;
  for (let runs = 0; runs < mostRuns && last < end; runs++) {
    const next: number | undefined = planNextRun(schedule, last)?.at;
    if (next === undefined) break;
    longest = Math.max(longest ?? 0, next - last);
    last = next;
  }
  return longest;
}

/** Stretches in which nothing is brought on purpose, in unix milliseconds: from the first day's beginning to the last one's end. */
export function pausesOf({ zone }: Schedule, rollovers: readonly Rollover[]): { from: number; to: number }[] {
  const show = wallTimeIn(zone);
  const midnight = (date: string, daysAfter: number) => {
    const day = new Date(Date.parse(date) + daysAfter * 86_400_000);
    const wall = {
      year: day.getUTCFullYear(),
      month: day.getUTCMonth() + 1,
      day: day.getUTCDate(),
      hour: 0,
      minute: 0,
    };
    return momentOf(show, wall);
  };
  return rollovers
    .filter(({ policy }) => policy === 'pause')
    .map(({ from, to }) => ({ from: midnight(from, 0), to: midnight(to, 1) }));
}
