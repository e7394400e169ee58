import { z } from 'zod';
import { unlessEmpty } from '../platform/absent.ts';
import { timestamp } from './timestamp.ts';

/** AGS 2.0 §3.4.7. */
export const activityProgresses = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'] as const;
/** AGS 2.0 §3.4.8. */
export const gradingProgresses = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'] as const;

const submission = z.looseObject({
  startedAt: unlessEmpty(timestamp),
  submittedAt: unlessEmpty(timestamp),
});

/**
 * A score as a tool sends it (AGS 2.0 §3.4). Members of extensions pass through as they are. Times stay the text they
 * came as; `parseTimestamp` reads them.
 */
export const score = z
  .looseObject({
    userId: z.string().min(1).max(255),
    /** Absent or null: no score, and an earlier one is cleared (AGS 2.0 §3.4.4). May be more than the maximum. */
    scoreGiven: z.number().min(0).nullable().optional(),
    scoreMaximum: unlessEmpty(z.number().positive()),
    activityProgress: z.enum(activityProgresses),
    gradingProgress: z.enum(gradingProgresses),
    timestamp,
    /** Plain text for the learner and the teacher. */
    comment: z.string().max(100_000).nullable().optional(),
    scoringUserId: unlessEmpty(z.string().min(1).max(255)),
    submission: unlessEmpty(submission),
  })
  .refine(({ scoreGiven, scoreMaximum }) => typeof scoreGiven !== 'number' || scoreMaximum !== undefined, {
    // AGS 2.0 §3.4.5: required where a score is given.
    error: 'Give scoreMaximum together with scoreGiven.',
    path: ['scoreMaximum'],
  });

export type Score = z.output<typeof score>;

/** A score without the person it is for: as it is kept, and as it goes on its way. */
export interface KeptScore extends Readonly<Record<string, unknown>> {
  scoreGiven?: number | null | undefined;
  scoreMaximum?: number | undefined;
  activityProgress: Score['activityProgress'];
  gradingProgress: Score['gradingProgress'];
  timestamp: string;
  comment?: string | null | undefined;
  scoringUserId?: string | undefined;
  submission?: Score['submission'];
}
