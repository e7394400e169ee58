import type { CalendarPeriod, Span } from '../../../contracts/calendars.ts';
import { dayIn, dayNumber, midnightIn } from './days.ts';
import { decidePeriod, firstDays, preTermDays } from './period.ts';

/** Time that lies in one part of a school's year; unix milliseconds, `to` is past its end. */
export interface PeriodStretch {
  readonly period: CalendarPeriod;
  readonly from: number;
  readonly to: number;
}

/**
 * The parts of a school's year that some time falls into, in order, without gaps; none where the calendar names no term.
 *
 * @param from unix milliseconds, as is `to`
 */
export function planStretches(
  { zone, spans }: { zone: string; spans: readonly Span[] },
  { from, to }: { from: number; to: number },
): PeriodStretch[] {
  const dayAt = dayIn(zone);
  const [first, last] = [dayAt(from), dayAt(to - 1)];
  const midnightOf = midnightIn(zone);
  const stretches: PeriodStretch[] = [];
  for (const day of [first, ...turns(spans).filter((each) => first < each && each <= last)]) {
    const period = decidePeriod(spans, day);
    if (period === undefined) return [];
    const before = stretches.at(-1);
    if (before?.period === period) continue;
    const at = day === first ? from : midnightOf(day);
    if (before !== undefined) stretches[stretches.length - 1] = { ...before, to: at };
    stretches.push({ period, from: at, to });
  }
  return stretches;
}

/** The days on which another part of the year may begin, in order. */
function turns(spans: readonly Span[]): number[] {
  const days = spans.flatMap(({ kind, from, to }) => {
    const [first, after] = [dayNumber(from), dayNumber(to) + 1];
    return kind === 'term' ? [first - preTermDays, first, first + firstDays, after] : [first, after];
  });
  return [...new Set(days)].sort((a, b) => a - b);
}
