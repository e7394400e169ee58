/** A score in a body of `application/vnd.ims.lis.v1.score+json` (AGS 2.0 §3.4), with a number to know it by. */
export interface ScoreBody {
  userId: string;
  scoreGiven?: number | null;
  scoreMaximum?: number;
  comment?: string;
  activityProgress: string;
  gradingProgress: string;
  timestamp: string;
  submission?: { submittedAt: string };
  [serialMember]: number;
}

/** Extension that tells each score from every other. */
export const serialMember = 'https://faults.example/serial';

/** What a score does to a gradebook: everything but whom and when. */
export function effectOf(body: ScoreBody): string {
  const { scoreGiven = null, scoreMaximum = null, comment = null, activityProgress, gradingProgress } = body;
  const members = [body[serialMember], scoreGiven, scoreGiven === null ? null : scoreMaximum, comment];
  return JSON.stringify([...members, activityProgress, gradingProgress]);
}
