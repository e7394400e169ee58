import { z } from 'zod';
import { type RolloverPolicy, rolloverPolicies } from '../../../contracts/sync.ts';
import { wallTimeIn } from '../../platform/zoned-time.ts';

/** Days in which one school year follows another, when sources are half empty. */
export const rollover = z
  .strictObject({
    /** First and last day. */
    from: z.iso.date(),
    to: z.iso.date(),
    policy: z.enum(rolloverPolicies),
  })
  .refine(({ from, to }) => from <= to, { error: 'The last day is before the first one.' });
export type Rollover = z.output<typeof rollover>;

/**
 * What is not done on the day of a moment.
 *
 * @param at unix milliseconds
 */
export function decideRollover(
  windows: readonly Rollover[],
  zone: string,
  at: number,
): RolloverPolicy | undefined {
  const { year, month, day } = wallTimeIn(zone)(at);
  const today = new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  const policies = windows.filter(({ from, to }) => from <= today && today <= to).map(({ policy }) => policy);
  return policies.includes('pause') ? 'pause' : policies[0];
}
