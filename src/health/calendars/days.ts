import { momentOf, wallTimeIn } from '../../platform/zoned-time.ts';

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a date such as `2026-09-01`: dates are counted without any clock. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** The date of a day's number. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The number of the day that a zone's clocks show at a moment. @returns a function of unix milliseconds */
export function dayIn(zone: string): (at: number) => number {
  const show = wallTimeIn(zone);
  return (at) => {
    const { year, month, day } = show(at);
    return Date.UTC(year, month - 1, day) / dayMs;
  };
}

/** When a day begins by a zone's clocks. @returns a function of the day's number, giving unix milliseconds */
export function midnightIn(zone: string): (day: number) => number {
  const show = wallTimeIn(zone);
  return (day) => {
    const [year = 0, month = 1, date = 1] = dateOf(day).split('-').map(Number);
    return momentOf(show, { year, month, day: date, hour: 0, minute: 0 });
  };
}
