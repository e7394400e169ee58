import { type Grain, grainMs } from '../../../contracts/health.ts';

/** Some time, in unix milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** A stretch that is read from the counts of one grain. */
export interface Segment extends TimeSpan {
  readonly grain: Grain;
}

/** Beginnings of the hours and days whose own counts are not, or not yet, what they should be. */
export interface Pending {
  readonly hours: readonly number[];
  readonly days: readonly number[];
}

const below = { '1d': '1h', '1h': '5m' } as const;

/**
 * Which counts a range is read from: the coarsest that lie in it as a whole, and finer ones at its ends and where a stretch is
 * not counted yet. No moment is in two segments.
 *
 * @param from whole five minutes, in unix milliseconds, as is `to`
 * @param finest read no finer than that; what would have to be is left out
 */
export function planSegments(from: number, to: number, pending: Pending, finest: Grain = '5m'): Segment[] {
  const hours = new Set(pending.hours);
  const days = new Set([...pending.days, ...pending.hours.map((hour) => floor(hour, grainMs['1d']))]);
  const segments: Segment[] = [];
  const add = (grain: Grain, start: number, end: number) => {
    const last = segments.at(-1);
    if (last?.grain === grain && last.to === start) segments[segments.length - 1] = { ...last, to: end };
    else segments.push({ grain, from: start, to: end });
  };
  const cover = (grain: '1d' | '1h', start: number, end: number) => {
    const size = grainMs[grain];
    const waiting = grain === '1d' ? days : hours;
    for (let at = floor(start, size); at < end; at += size) {
      const [low, high] = [Math.max(at, start), Math.min(at + size, end)];
      const isWhole = high - low === size && !waiting.has(at);
      if (isWhole) add(grain, low, high);
      else if (grain === '1d') cover(below[grain], low, high);
      else if (finest === '5m') add('5m', low, high);
    }
  };
  cover('1d', from, to);
  return segments;
}

function floor(time: number, size: number): number {
  return Math.floor(time / size) * size;
}

/** The time that is in any of some spans, in order and without overlaps. */
export function mergeTimes(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: TimeSpan[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to) merged.push({ from, to });
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return merged;
}

/** Some time in pieces of a length at most. */
export function cutTime({ from, to }: TimeSpan, most: number): TimeSpan[] {
  const pieces = Math.ceil((to - from) / most);
  return Array.from({ length: pieces }, (_, at) => ({
    from: from + at * most,
    to: Math.min(to, from + (at + 1) * most),
  }));
}
