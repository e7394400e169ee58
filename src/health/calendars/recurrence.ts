import { dateOf, weekdayOf } from './days.ts';

export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

/** A recurrence rule at the grain of days (RFC 5545 §3.3.10). Weekdays count from 0 for Sunday. */
export interface Recurrence {
  frequency: (typeof frequencies)[number];
  interval: number;
  /** How many at most, the first one included. */
  count?: number | undefined;
  /** The last day it may come on. */
  until?: number | undefined;
  months: readonly number[];
  monthDays: readonly number[];
  yearDays: readonly number[];
  /** With the ordinal of `-1SU`: the last Sunday of the month or year; 0: every one. */
  weekdays: readonly { ordinal: number; weekday: number }[];
  positions: readonly number[];
  weekStart: number;
}

interface Day {
  day: number;
  year: number;
  /** 1 to 12. */
  month: number;
  monthDay: number;
  yearDay: number;
  weekday: number;
  daysInMonth: number;
  daysInYear: number;
}

/**
 * The days a rule gives from its first one to `last`. Each day is looked at once, so that no rule, however written, can
 * take longer than the days there are.
 *
 * @param start number of the first day, which is always part of it (RFC 5545 §3.8.5.3)
 * @param last number of the last day that is of interest
 */
export function expandRecurrence(rule: Recurrence, start: number, last: number): number[] {
  const end = Math.min(last, rule.until ?? last);
  const found: number[] = [start];
  const first = describeDay(start);
  const most = rule.count ?? Number.POSITIVE_INFINITY;
  let set: number[] = [];
  const periodOf = periodCounter(rule, first);
  let setOf = 0;
  const close = () => {
    for (const day of pick(rule, set)) if (day > start && day <= end) found.push(day);
    set = [];
  };
  // The set that the first day is in begins before it: positions count from there.
  for (let day = firstOfPeriod(rule, first); day <= end + 366 && found.length < most; day++) {
    const described = describeDay(day);
    const period = periodOf(described);
    // Positions from its end need the last set whole: it goes on past the last day of interest.
    if (period !== setOf) {
      if (day > end) break;
      close();
    }
    setOf = period;
    if (period % rule.interval === 0 && matches(rule, described, first)) set.push(day);
  }
  close();
  return found.slice(0, most);
}

function pick({ positions }: Recurrence, set: readonly number[]): number[] {
  if (positions.length === 0) return [...set];
  const picked = positions.map((position) => set.at(position > 0 ? position - 1 : position));
  return picked.filter((day) => day !== undefined).sort((a, b) => a - b);
}

/** Counts days, weeks, months or years from the first day's own, which is 0. */
function periodCounter(rule: Recurrence, first: Day): (day: Day) => number {
  const begin = firstOfPeriod(rule, first);
  switch (rule.frequency) {
    case 'DAILY':
      return ({ day }) => day - begin;
    case 'WEEKLY':
      return ({ day }) => Math.floor((day - begin) / 7);
    case 'MONTHLY':
      return ({ year, month }) => (year - first.year) * 12 + month - first.month;
    case 'YEARLY':
      return ({ year }) => year - first.year;
  }
}

function firstOfPeriod(rule: Recurrence, { day, weekday, monthDay, yearDay }: Day): number {
  switch (rule.frequency) {
    case 'DAILY':
      return day;
    case 'WEEKLY':
      return day - ((weekday - rule.weekStart + 7) % 7);
    case 'MONTHLY':
      return day - monthDay + 1;
    case 'YEARLY':
      return day - yearDay + 1;
  }
}

function matches(rule: Recurrence, day: Day, first: Day): boolean {
  const { months, monthDays, yearDays, weekdays, frequency } = rule;
  if (months.length > 0 && !months.includes(day.month)) return false;
  if (monthDays.length > 0 && !hits(monthDays, day.monthDay, day.daysInMonth)) return false;
  if (yearDays.length > 0 && !hits(yearDays, day.yearDay, day.daysInYear)) return false;
  if (weekdays.length > 0) return weekdays.some((each) => hitsWeekday(rule, each, day));
  if (monthDays.length > 0 || yearDays.length > 0 || frequency === 'DAILY') return true;
  // What the rule leaves open is as on the first day.
  if (frequency === 'WEEKLY') return day.weekday === first.weekday;
  if (day.monthDay !== first.monthDay) return false;
  return frequency === 'MONTHLY' || months.length > 0 || day.month === first.month;
}

/** Negative ones count from the end. */
function hits(wanted: readonly number[], value: number, most: number): boolean {
  return wanted.includes(value) || wanted.includes(value - most - 1);
}

function hitsWeekday(
  { frequency, months }: Recurrence,
  { ordinal, weekday }: { ordinal: number; weekday: number },
  day: Day,
): boolean {
  if (day.weekday !== weekday) return false;
  if (ordinal === 0) return true;
  const inMonth = frequency === 'MONTHLY' || months.length > 0;
  const [position, length] = inMonth ? [day.monthDay, day.daysInMonth] : [day.yearDay, day.daysInYear];
  return ordinal > 0
    ? Math.ceil(position / 7) === ordinal
    : Math.ceil((length - position + 1) / 7) === -ordinal;
}

function describeDay(day: number): Day {
  const [year = 0, month = 1, monthDay = 1] = dateOf(day).split('-').map(Number);
  const daysTo = (y: number, m: number) => Date.UTC(y, m, 1) / 86_400_000;
  return {
    day,
    year,
    month,
    monthDay,
    yearDay: day - daysTo(year, 0) + 1,
    weekday: weekdayOf(day),
    daysInMonth: daysTo(year, month) - daysTo(year, month - 1),
    daysInYear: daysTo(year + 1, 0) - daysTo(year, 0),
  };
}
