import type { GradeReason } from '../../grades/destination.ts';
import type { KeptScore } from '../../grades/score.ts';
import type { GradeQuirks } from '../quirks.ts';

/** Why people see something else at the LMS than the score it has taken; undefined: they see the score. */
export function decideWarning(
  { shownOtherwise }: Pick<GradeQuirks, 'shownOtherwise'>,
  { scoreGiven, scoreMaximum, gradingProgress }: KeptScore,
): GradeReason | undefined {
  if (scoreGiven == null) return undefined;
  if (shownOtherwise.includes('not_fully_graded') && gradingProgress !== 'FullyGraded') {
    return 'hidden_until_graded';
  }
  const above = scoreMaximum !== undefined && scoreGiven > scoreMaximum;
  return above && shownOtherwise.includes('above_maximum') ? 'cut_to_maximum' : undefined;
}
