import { z } from 'zod';
import { workIntegrations } from './burden.ts';

/** One piece of work on integrations. No title and no name: neither is needed to sum minutes. */
export const newWorkItem = z.strictObject({
  externalId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('What it is called where it comes from; sent again it is replaced'),
  integration: z.enum(workIntegrations),
  partner: z.string().trim().min(1).max(100).nullable().default(null),
  minutes: z.int().min(0).max(1_000_000),
  doneAt: z.iso.datetime({ offset: true }),
});
export type NewWorkItem = z.output<typeof newWorkItem>;

/** Most items that are handed over at once. */
export const mostWorkItems = 5_000;
