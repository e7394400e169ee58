import type { SpanKind } from '../../../contracts/calendars.ts';
import type { TenantTrips } from '../../platform/db.ts';
import { findCalendar, type SchoolCalendar } from './calendars.ts';
import { dayNumber, midnightIn } from './days.ts';

/** A term of a school, in moments. */
export interface TermTime {
  name: string;
  startsAt: Date;
  /** The first moment after it. */
  endsAt: Date;
}

/** A span of a school's calendar, in moments. */
export interface SpanTime extends TermTime {
  kind: SpanKind;
}

/** The spans of a calendar by its own clocks: from the first day's midnight to that after the last day. */
export function spanTimes({ zone, spans }: SchoolCalendar): SpanTime[] {
  const midnightOf = midnightIn(zone);
  return spans.map(({ kind, name, from, to }) => ({
    ...{ kind, name },
    startsAt: new Date(midnightOf(dayNumber(from))),
    endsAt: new Date(midnightOf(dayNumber(to) + 1)),
  }));
}

/** The terms that a tenant's calendar holds, by its own clocks; none where it has no calendar. */
export async function listTerms(tx: TenantTrips): Promise<TermTime[]> {
  const calendar = await findCalendar(tx);
  if (calendar === undefined) return [];
  return spanTimes(calendar)
    .filter(({ kind }) => kind === 'term')
    .map(({ name, startsAt, endsAt }) => ({ name, startsAt, endsAt }));
}
