import type { TenantTrips } from '../../platform/db.ts';
import { momentOf, wallTimeIn } from '../../platform/zoned-time.ts';
import { findCalendar } from './calendars.ts';
import { dateOf, dayNumber } from './days.ts';

/** A term of a school, in moments. */
export interface TermTime {
  name: string;
  startsAt: Date;
  /** The first moment after it. */
  endsAt: Date;
}

/** The terms that a tenant's calendar holds, by its own clocks; none where it has no calendar. */
export async function listTerms(tx: TenantTrips): Promise<TermTime[]> {
  const calendar = await findCalendar(tx);
  if (calendar === undefined) return [];
  const show = wallTimeIn(calendar.zone);
  const midnightOf = (date: string) => {
    const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
    return new Date(momentOf(show, { year, month, day, hour: 0, minute: 0 }));
  };
  return calendar.spans
    .filter(({ kind }) => kind === 'term')
    .map(({ name, from, to }) => ({
      name,
      startsAt: midnightOf(from),
      endsAt: midnightOf(dateOf(dayNumber(to) + 1)),
    }));
}
