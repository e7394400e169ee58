/**
 * A score as the tool sends it (AGS 2.0 §3.4). Its number is its place among all scores of the benchmark: it stands in
 * the score and in the timestamp, so that the far end knows what came, in which order, and that nothing was mixed.
 */
export interface NumberedScore {
  userId: string;
  number: number;
}

/** Timestamp of score number 0; those that follow are a millisecond apart. */
const epoch = Date.UTC(2026, 0, 5, 8);

/** Both sides carry the same text. */
export function scoreBody({ userId, number }: NumberedScore): string {
  const timestamp = new Date(epoch + number).toISOString();
  return (
    `{"userId":"${userId}","scoreGiven":${number},"scoreMaximum":1000000,"activityProgress":"Completed",` +
    `"gradingProgress":"FullyGraded","timestamp":"${timestamp}",` +
    '"comment":"Good work on the parts of the cell. Look again at what the vacuole does, and at the cell wall."}'
  );
}

/** Reads a score that went through the hub. @throws Error when the parts do not belong together */
export function readScoreBody(body: string): NumberedScore {
  const { userId, scoreGiven, timestamp, comment } = JSON.parse(body) as Record<string, unknown>;
  if (typeof userId !== 'string' || typeof scoreGiven !== 'number' || typeof comment !== 'string') {
    throw new Error('The score lacks a part');
  }
  if (Date.parse(String(timestamp)) !== epoch + scoreGiven) throw new Error('Score and timestamp differ');
  return { userId, number: scoreGiven };
}
