import { z } from 'zod';
import { activityProgresses, gradingProgresses } from './ags.ts';
import { parseMoment } from './moment.ts';

const moment = z.string().refine((text) => parseMoment(text) !== undefined, {
  error: 'must be an ISO 8601 time with its zone',
});

/** What a gradebook keeps of a score. AGS 2.0 §3.4. */
export const keptFields = z.object({
  scoreGiven: z.number().min(0).nullish(),
  scoreMaximum: z.number().positive().optional(),
  activityProgress: z.enum(activityProgresses),
  gradingProgress: z.enum(gradingProgresses),
  timestamp: moment,
  comment: z.string().nullish(),
  scoringUserId: z.string().optional(),
});

/** A score as a tool posts it. AGS 2.0 §3.4. */
export const scoreBody = keptFields
  .extend({
    userId: z.string().min(1).max(255),
    submission: z.object({ startedAt: moment.optional(), submittedAt: moment.optional() }).optional(),
  })
  .refine(({ scoreGiven, scoreMaximum }) => typeof scoreGiven !== 'number' || scoreMaximum !== undefined, {
    // AGS 2.0 §3.4.5.
    error: 'is required with scoreGiven',
    path: ['scoreMaximum'],
  });

export type KeptFields = z.output<typeof keptFields>;

export type ScoreBody = z.output<typeof scoreBody>;
