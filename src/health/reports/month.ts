import type { TimeRange } from '../../../contracts/health.ts';
import { DomainError } from '../../platform/errors.ts';
import { momentOf, wallTimeIn } from '../../platform/zoned-time.ts';

/**
 * A month by the clocks of a zone.
 *
 * @param month as `2026-11`
 * @throws DomainError input `month_invalid`
 */
export function rangeOfMonth(month: string, zone: string): TimeRange {
  const [year = 0, number = 0] = month.split('-').map(Number);
  if (!/^\d{4}-\d{2}$/.test(month) || number < 1 || number > 12 || year < 2000) {
    throw new DomainError('input', 'month_invalid', 'Give a month such as 2026-11.');
  }
  return { from: beginOf(year, number, zone), to: beginOf(year, number + 1, zone) };
}

/** The last month that is over by the clocks of a zone, as `2026-10`. @param now unix milliseconds */
export function lastMonth(now: number, zone: string): string {
  const { year, month } = wallTimeIn(zone)(now);
  return before(`${year}-${String(month).padStart(2, '0')}`);
}

/** The month before another one. */
export function before(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

/** The days of a month by the clocks of a zone, in order. */
export function daysOfMonth(month: string, zone: string): (TimeRange & { date: string })[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => ({
    date: `${month}-${String(index + 1).padStart(2, '0')}`,
    from: beginOf(year, number, zone, index + 1),
    to: beginOf(year, number, zone, index + 2),
  }));
}

function beginOf(year: number, month: number, zone: string, day = 1): Date {
  const date = new Date(Date.UTC(year, month - 1, day));
  const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  return new Date(momentOf(wallTimeIn(zone), { ...wall, hour: 0, minute: 0 }));
}
