import { z } from 'zod';
import { parseMoment } from './moment.ts';

const moment = z.string().refine((text) => parseMoment(text) !== undefined, {
  error: 'must be an ISO 8601 time with its zone',
});

/** A line item as a tool sends it, its id left aside. AGS 2.0 §3.2. */
export const lineItemBody = z.object({
  label: z.string().refine((text) => text.trim() !== '', { error: 'must not be blank' }),
  scoreMaximum: z.number().positive(),
  resourceLinkId: z.string().min(1).optional(),
  resourceId: z.string().optional(),
  tag: z.string().optional(),
  startDateTime: moment.optional(),
  endDateTime: moment.optional(),
  gradesReleased: z.boolean().optional(),
});

export type LineItemBody = z.output<typeof lineItemBody>;
