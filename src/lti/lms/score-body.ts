import type { KeptScore } from '../../grades/score.ts';
import { parseTimestamp } from '../../grades/timestamp.ts';
import { takeExtensions } from './line-item.ts';

/** Members of a score that mean at the LMS what they mean at the hub (AGS 2.0 §3.4). */
const plainMembers = [
  'scoreGiven',
  'scoreMaximum',
  'comment',
  'activityProgress',
  'gradingProgress',
] as const satisfies (keyof KeptScore)[];
const submissionMembers = ['startedAt', 'submittedAt'] as const;

export interface ScoreToSend {
  score: KeptScore;
  /** The person as the LMS knows them. */
  subject: string;
  timestamp: string;
  lastSentAt: Date | undefined;
  /** Unix milliseconds. */
  now: number;
  /** Name of the member that tells new attempts from re-grades, where the LMS wants one. */
  submissionMember: string | undefined;
}

/**
 * The body of a score for an LMS: known members and extensions, nothing else. Null and 0 stay what they are.
 * `scoringUserId` is left out: it names a person of the tool's, whom the LMS does not know.
 */
export function planScoreBody(sending: ScoreToSend): string {
  const { score, subject, timestamp, submissionMember } = sending;
  const { submission } = score;
  return JSON.stringify({
    ...takeExtensions(score, []),
    ...pick(score, plainMembers),
    ...(submission !== undefined && {
      submission: { ...takeExtensions(submission, []), ...pick(submission, submissionMembers) },
    }),
    ...(submissionMember !== undefined && { [submissionMember]: planSubmission(sending, submissionMember) }),
    timestamp,
    userId: subject,
  });
}

/** Says whether a score comes with a new attempt. What the tool says of it itself stands. */
function planSubmission({ score, timestamp, lastSentAt, now }: ScoreToSend, member: string) {
  const own: unknown = score[member];
  const given = typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {};
  const isNew = isNewSubmission(score, lastSentAt);
  const submittedAt = score.submission?.submittedAt ?? (isNew ? notAhead(timestamp, now) : undefined);
  return {
    new_submission: isNew,
    ...(submittedAt !== undefined && { submitted_at: submittedAt }),
    ...given,
  };
}

/** Canvas refuses a whole score for a submission more than a minute ahead, where it takes a timestamp that is. */
function notAhead(timestamp: string, now: number): string {
  const { milliseconds = now } = parseTimestamp(timestamp) ?? {};
  return milliseconds > now ? new Date(now).toISOString() : timestamp;
}

/**
 * Whether something was handed in since the last score. Without `submittedAt` (AGS 2.0 §3.4.10) a later score cannot be
 * told from a re-grade, which must not become a late attempt, so only the first one counts.
 */
function isNewSubmission(score: KeptScore, lastSentAt: Date | undefined): boolean {
  const submittedAt = score.submission?.submittedAt;
  const submitted = submittedAt === undefined ? undefined : parseTimestamp(submittedAt);
  if (submitted !== undefined) {
    return lastSentAt === undefined || submitted.milliseconds > lastSentAt.getTime();
  }
  return lastSentAt === undefined && ['Submitted', 'Completed'].includes(score.activityProgress);
}

function pick<T extends object, Name extends keyof T>(
  from: T,
  names: readonly Name[],
): Partial<Pick<T, Name>> {
  const entries = names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]);
  return Object.fromEntries(entries) as Partial<Pick<T, Name>>;
}
