import type { Slot } from './fates.ts';

export interface Term {
  id: string;
  start: string;
  end: string;
}

/** A school year of two semesters with two grading periods each. */
export interface SchoolCalendar {
  /** YYYY: the year in which it ends. */
  schoolYear: string;
  year: Term;
  semesters: readonly [Term, Term];
  sessions(): Iterable<Slot>;
  /** When rows were last touched: before the first day, and a night later for each round of changes. */
  modifiedAt(round: number): string;
}

export function createCalendar(endsIn: number): SchoolCalendar {
  const [first, second] = [endsIn - 1, endsIn];
  const year = { id: `year-${endsIn}`, start: `${first}-08-17`, end: `${second}-06-18` };
  const autumn = { id: `sem-${endsIn}-1`, start: year.start, end: `${second}-01-22` };
  const spring = { id: `sem-${endsIn}-2`, start: `${second}-01-25`, end: year.end };
  const periods: [Term, Term, string][] = [
    [{ id: `gp-${endsIn}-1`, start: autumn.start, end: `${first}-10-23` }, autumn, 'Quarter 1'],
    [{ id: `gp-${endsIn}-2`, start: `${first}-10-26`, end: autumn.end }, autumn, 'Quarter 2'],
    [{ id: `gp-${endsIn}-3`, start: spring.start, end: `${second}-04-09` }, spring, 'Quarter 3'],
    [{ id: `gp-${endsIn}-4`, start: `${second}-04-12`, end: spring.end }, spring, 'Quarter 4'],
  ];
  const session = ({ id, start, end }: Term, type: string, title: string, parent = ''): Slot => ({
    fate: 'same',
    cells: [id, title, type, start, end, parent, `${endsIn}`],
  });
  return {
    schoolYear: `${endsIn}`,
    year,
    semesters: [autumn, spring],
    sessions: () => [
      session(year, 'schoolYear', `School year ${first}–${second % 100}`),
      session(autumn, 'semester', `Autumn ${first}`, year.id),
      session(spring, 'semester', `Spring ${second}`, year.id),
      ...periods.map(([period, { id }, title]) => session(period, 'gradingPeriod', title, id)),
    ],
    modifiedAt: (round) => new Date(Date.UTC(first, 7, 3 + round, 5, 30)).toISOString(),
  };
}
