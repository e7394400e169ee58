import { z } from 'zod';

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

/** Longest span in days: a school year with some room. */
export const longestSpan = 400;

export const newSpan = z
  .strictObject({
    kind: z.enum(spanKinds),
    name: z.string().trim().min(1).max(200),
    from: z.iso.date().describe('First day'),
    to: z.iso.date().describe('Last day, inclusive'),
  })
  .refine(({ from, to }) => from <= to, { error: 'The last day is before the first one.', path: ['to'] })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < longestSpan * 86_400_000, {
    error: `A span has at most ${longestSpan} days: name each year's own.`,
    path: ['to'],
  });
export type NewSpan = z.input<typeof newSpan>;
