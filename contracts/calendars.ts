/** What days of a school's calendar are set apart. */
export const spanKinds = ['term', 'exams', 'break'] as const;
export type SpanKind = (typeof spanKinds)[number];

/** The part of a school year that a day is in; reports are sliced by it. */
export const calendarPeriods = ['pre_term', 'first_two_weeks', 'term', 'exams', 'between_terms'] as const;
export type CalendarPeriod = (typeof calendarPeriods)[number];

/** Some days in a row, by the school's own clocks. */
export interface Span {
  kind: SpanKind;
  name: string;
  /** First and last day, both inclusive, as `2026-09-01`. */
  from: string;
  to: string;
}
