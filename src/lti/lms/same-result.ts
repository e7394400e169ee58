import type { KeptScore } from '../../grades/score.ts';
import type { LmsResult } from './gradebook.ts';

/** LMSs round: a ten-thousandth of the maximum is no other score. */
const tolerance = 1e-4;

/**
 * Whether a result shows that a score of which we do not know has arrived. Where both have no number, the result proves
 * it only if there was none before.
 */
export function showsScore(
  result: LmsResult | undefined,
  score: KeptScore,
  lastSentAt: Date | undefined,
): boolean {
  if (result === undefined) return false;
  const { scoreGiven, scoreMaximum = 1, comment } = score;
  if (comment && result.comment !== undefined && result.comment !== comment) return false;
  if (typeof scoreGiven !== 'number') return result.resultScore === undefined && lastSentAt === undefined;
  if (result.resultScore === undefined) return false;
  // AGS 2.0 §3.3.2: a result without its maximum is out of 1.
  const maximum = result.resultMaximum || 1;
  return Math.abs(result.resultScore / maximum - scoreGiven / scoreMaximum) < tolerance;
}
