import type { ReadResult } from './destination.ts';

/** What the destination should show, from the score it has last taken. */
export interface ExpectedResult {
  /** Null after a score without points, which clears an earlier one (AGS 2.0 §3.4.4). */
  scoreGiven: number | null;
  scoreMaximum: number | null;
  gradingProgress: string;
}

export type Drift = 'none' | 'differs' | 'missing';

/** Half of a hundredth of a point on the destination's own scale: LMSs round to two places. */
const tolerance = 0.005 + 1e-9;

/**
 * How the destination's own result stands to the score it has last taken. A score that is not fully graded promises
 * nothing: the destination may leave it out (AGS 2.0 §3.4.8).
 *
 * @param shown undefined where it shows no result of the person
 */
export function compareResult(expected: ExpectedResult, shown: ReadResult | undefined): Drift {
  const { scoreGiven, scoreMaximum, gradingProgress } = expected;
  if (gradingProgress !== 'FullyGraded') return 'none';
  const points = shown?.resultScore;
  if (scoreGiven === null) return points === undefined ? 'none' : 'differs';
  if (points === undefined) return 'missing';
  // No value says that the maximum is 1 (AGS 2.0 §3.3.3).
  const maximum = shown?.resultMaximum ?? 1;
  const scaled = (scoreGiven / (scoreMaximum ?? 1)) * maximum;
  return Math.abs(scaled - points) <= tolerance ? 'none' : 'differs';
}
