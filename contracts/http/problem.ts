import { z } from 'zod';

/** A failure as every endpoint tells it (RFC 9457 §3), with a code for programs and a reference for people. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What to do, safe to show'),
  code: z.string().describe('Stable, for programs'),
  reference: z.string().describe('To be read out to the hub’s operator'),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.output<typeof problem>;
