import { z } from 'zod';
import { spanKinds } from './calendars.ts';

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
