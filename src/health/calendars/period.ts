import type { CalendarPeriod, Span } from '../../../contracts/calendars.ts';
import { dayNumber } from './days.ts';

/** How long before a term its rush of preparing begins, and how long after its first day the rush of starting lasts. */
export const preTermDays = 56;
export const firstDays = 14;

/**
 * The part of the school year that a day is in, exams before all others. A break within a term is as between terms;
 * what lies outside every term is "pre-term" from eight weeks before the next one.
 *
 * @param day number of the day by the school's own clocks (`dayIn`)
 * @returns undefined where the calendar names no term: then nobody knows
 */
export function decidePeriod(spans: readonly Span[], day: number): CalendarPeriod | undefined {
  return periodIn(spans)(day);
}

/** The same for many days of one calendar, which is read once. */
export function periodIn(spans: readonly Span[]): (day: number) => CalendarPeriod | undefined {
  const boundsOf = (kind: Span['kind']) => spans.filter((span) => span.kind === kind).map(bounds);
  const [terms, exams, breaks] = [boundsOf('term'), boundsOf('exams'), boundsOf('break')];
  return (day) => {
    const isIn = (times: readonly Bounds[]) => times.some((each) => holds(each, day));
    if (terms.length === 0) return undefined;
    if (isIn(exams)) return 'exams';
    const current = terms.filter((term) => holds(term, day));
    if (current.length > 0) {
      if (isIn(breaks)) return 'between_terms';
      return current.some(({ first }) => day < first + firstDays) ? 'first_two_weeks' : 'term';
    }
    return terms.some(({ first }) => first - preTermDays <= day && day < first)
      ? 'pre_term'
      : 'between_terms';
  };
}

/** Whether the timetable has lessons or exams on a day: a weekday of a term or of exams, and no break. */
export function decideSchoolDay(spans: readonly Span[], day: number, weekday: number): boolean | undefined {
  const period = decidePeriod(spans, day);
  if (period === undefined) return undefined;
  const isWeekend = weekday === 0 || weekday === 6;
  return !isWeekend && (period === 'first_two_weeks' || period === 'term' || period === 'exams');
}

/** The first day of the next term that begins on a day or after it. */
export function nextTermStart(spans: readonly Span[], day: number): number | undefined {
  const starts = spans.filter(({ kind }) => kind === 'term').map(({ from }) => dayNumber(from));
  const coming = starts.filter((start) => start >= day);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

interface Bounds {
  first: number;
  last: number;
}

function bounds({ from, to }: Span): Bounds {
  return { first: dayNumber(from), last: dayNumber(to) };
}

function holds({ first, last }: Bounds, day: number): boolean {
  return first <= day && day <= last;
}
