import type ICAL from 'ical.js';
import { frequencies, type Recurrence } from './recurrence.ts';

const weekdayNames = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const known = new Set(['BYMONTH', 'BYMONTHDAY', 'BYYEARDAY', 'BYDAY', 'BYSETPOS']);

/**
 * A rule as this program repeats events by it. The library's own iterator is not used: it loops for ever on rules that
 * fit no day, and takes 30 February for 2 March.
 *
 * @param dayOf the day a time falls on by the clocks of the event
 * @returns undefined for what calendars of days do not need: hours and finer, and numbers of weeks
 */
export function readRecurrence(rule: ICAL.Recur, dayOf: (time: ICAL.Time) => number): Recurrence | undefined {
  const frequency = frequencies.find((each) => each === rule.freq);
  const parts = rule.parts as Record<string, readonly (string | number)[] | undefined>;
  if (frequency === undefined || Object.keys(parts).some((name) => !known.has(name))) return undefined;
  const numbers = (name: string) => (parts[name] ?? []).map(Number);
  const weekdays = (parts.BYDAY ?? []).map((text) => readWeekday(String(text)));
  const { until, count } = rule;
  return {
    frequency,
    interval: Math.max(1, rule.interval),
    count: count === null || count === undefined ? undefined : count,
    until: until === null || until === undefined ? undefined : dayOf(until),
    months: numbers('BYMONTH'),
    monthDays: numbers('BYMONTHDAY'),
    yearDays: numbers('BYYEARDAY'),
    weekdays,
    positions: numbers('BYSETPOS'),
    // The library counts weekdays from 1 for Sunday.
    weekStart: (rule.wkst ?? 2) - 1,
  };
}

function readWeekday(text: string): { ordinal: number; weekday: number } {
  return { ordinal: Number.parseInt(text, 10) || 0, weekday: weekdayNames.indexOf(text.slice(-2)) };
}
