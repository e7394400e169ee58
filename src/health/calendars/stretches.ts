import type { CalendarPeriod, Span } from '../../../contracts/calendars.ts';
import { dayIn, dayNumber, midnightIn } from './days.ts';
import { firstDays, periodIn, preTermDays } from './period.ts';

/** Time that lies in one part of a school's year; unix milliseconds, `to` is past its end. */
export interface PeriodStretch {
  readonly period: CalendarPeriod;
  readonly from: number;
  readonly to: number;
}

/** What the clocks of a zone say: the number of the day that a moment is in, and the moment at which a day begins. */
export interface Clocks {
  readonly dayAt: (at: number) => number;
  readonly midnightOf: (day: number) => number;
}

/** The clocks of zones that remember what they were asked: schools of a zone ask the same again and again. */
export function rememberClocks(): (zone: string) => Clocks {
  const known = new Map<string, Clocks>();
  return (zone) => {
    const clocks = known.get(zone) ?? {
      dayAt: remember(dayIn(zone)),
      midnightOf: remember(midnightIn(zone)),
    };
    known.set(zone, clocks);
    return clocks;
  };
}

function remember(ask: (number: number) => number): (number: number) => number {
  const answers = new Map<number, number>();
  return (number) => {
    const answer = answers.get(number) ?? ask(number);
    answers.set(number, answer);
    return answer;
  };
}

/**
 * The parts of a school's year that some time falls into, in order, without gaps; none where the calendar names no term.
 *
 * @param from unix milliseconds, as is `to`
 */
export function planStretches(
  { zone, spans }: { zone: string; spans: readonly Span[] },
  { from, to }: { from: number; to: number },
  { dayAt, midnightOf }: Clocks = rememberClocks()(zone),
): PeriodStretch[] {
  const [first, last] = [dayAt(from), dayAt(to - 1)];
  const periodOn = periodIn(spans);
  const stretches: PeriodStretch[] = [];
  for (const day of [first, ...turns(spans).filter((each) => first < each && each <= last)]) {
    const period = periodOn(day);
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
