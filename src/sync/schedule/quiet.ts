import { momentOf, type WallTime, wallTimeIn } from '../../platform/zoned-time.ts';
import type { Schedule } from './schedule.ts';

const dayMs = 86_400_000;

/**
 * When the quiet hours that hold at a moment end.
 *
 * @param at unix milliseconds
 * @returns unix milliseconds; undefined where it is not quiet
 */
export function decideQuietEnd(
  schedule: Pick<Schedule, 'zone' | 'quiet'> | null,
  at: number,
): number | undefined {
  if (schedule === null) return undefined;
  const { zone, quiet } = schedule;
  const show = wallTimeIn(zone);
  const today = show(at);
  const ends: number[] = [];
  for (const { from, to } of quiet) {
    // What has begun yesterday may last into today.
    for (const back of [1, 0]) {
      const start = on(show, today, -back, from);
      const end = on(show, today, to > from ? -back : 1 - back, to);
      if (start <= at && at < end) ends.push(end);
    }
  }
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function on(
  show: (at: number) => WallTime,
  { year, month, day }: WallTime,
  days: number,
  time: string,
): number {
  const date = new Date(Date.UTC(year, month - 1, day) + days * dayMs);
  return momentOf(show, {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Number(time.slice(0, 2)),
    minute: Number(time.slice(3)),
  });
}
