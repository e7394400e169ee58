import { z } from 'zod';
import type { RunMode } from '../../../contracts/sync.ts';
import { isZone } from '../../platform/zoned-time.ts';
import { nextCronTime, parseCron } from './cron.ts';

const cron = z.string().refine((text) => parseCron(text) !== undefined, {
  error: 'Give five cron fields, such as 30 2 * * * for half past two every night.',
});
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Give a time such as 07:30.' });

/** When runs are made by themselves, in the institution's own time. */
export const schedule = z
  .strictObject({
    /** IANA name, such as Europe/Berlin. */
    zone: z.string().refine(isZone, { error: 'Give a time zone such as Europe/Berlin.' }),
    /** Five cron fields: when everything is read. */
    full: cron.optional(),
    /** Five cron fields: when only changes are read, between the full runs. */
    delta: cron.optional(),
    /** Times of day between which nothing is begun; the end may be on the next day. */
    quiet: z
      .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
      .max(10)
      .default([]),
  })
  .refine(({ full, delta }) => full !== undefined || delta !== undefined, {
    error: 'Say when to run: give "full", "delta" or both.',
  });
export type Schedule = z.output<typeof schedule>;

/** A schedule as somebody gives it: one by which something is begun. */
export const givenSchedule = schedule
  // As well told by UTC: no zone leaves out a day of every year.
  .refine(({ full }) => full === undefined || next(full, 'UTC', 0) !== undefined, noSuchDay('full'))
  .refine(({ delta }) => delta === undefined || next(delta, 'UTC', 0) !== undefined, noSuchDay('delta'))
  .refine(({ quiet }) => !isAlwaysQuiet(quiet), {
    path: ['quiet'],
    error: 'Nothing would ever be begun. Leave some of the day outside the quiet hours.',
  });

function noSuchDay(name: string) {
  return { path: [name], error: 'No year has such a day. Name one that will come.' };
}

/** Whether stretches of a day leave none of it. One that ends when it begins lasts the whole day. */
function isAlwaysQuiet(spans: Schedule['quiet']): boolean {
  const isQuiet = (time: string) =>
    spans.some(({ from, to }) => (from < to ? from <= time && time < to : time >= from || time < to));
  // If anything is left of the day, it begins where a stretch ends.
  return spans.length > 0 && spans.every(({ to }) => isQuiet(to));
}

/**
 * The next run of a schedule after a moment. Where both are due at once, everything is read.
 *
 * @param after unix milliseconds
 * @returns undefined where the schedule names no day that will come
 */
export function planNextRun(
  { zone, full, delta }: Schedule,
  after: number,
): { at: number; mode: RunMode } | undefined {
  const times = [
    { mode: 'full' as const, at: next(full, zone, after) },
    { mode: 'delta' as const, at: next(delta, zone, after) },
  ];
  let soonest: { at: number; mode: RunMode } | undefined;
  for (const { mode, at } of times) {
    if (at !== undefined && (soonest === undefined || at < soonest.at)) soonest = { mode, at };
  }
  return soonest;
}

function next(text: string | undefined, zone: string, after: number): number | undefined {
  const fields = text === undefined ? undefined : parseCron(text);
  return fields && nextCronTime(fields, zone, after);
}
