import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { LineItem, RecordedScore } from '../grades/gradebook.ts';
import { resultScore } from '../grades/gradebook.ts';

const activityWords: Record<RecordedScore['activityProgress'], string> = {
  Initialized: 'Not begun',
  Started: 'Begun',
  InProgress: 'In progress',
  Submitted: 'Handed in',
  Completed: 'Completed',
};

const gradingWords: Record<RecordedScore['gradingProgress'], string> = {
  FullyGraded: 'graded',
  Pending: 'grading goes on',
  PendingManual: 'to be graded by a person',
  Failed: 'grading failed',
  NotReady: 'not to be graded yet',
};

/** Longer comments are folded. */
const shortComment = 160;

/** A cell of the gradebook: the score, how far it is, the comment, and when it arrived. */
export function scoreCell(item: LineItem, score: RecordedScore | undefined): Html {
  if (score === undefined) return html`<td class="score">–</td>`;
  const result = resultScore(item, score);
  const progress = `${activityWords[score.activityProgress]}, ${gradingWords[score.gradingProgress]}`;
  return html`<td class="score"><strong>${result === null ? 'No score' : pointsText(result)}</strong>
<span class="muted">${progress}</span>
${score.comment && commentText(`${item.id}-${score.personId}`, score.comment)}
<span class="muted">Arrived <time datetime="${new Date(score.arrivedAt).toISOString()}">${timeText(score.arrivedAt)}</time></span></td>`;
}

function commentText(id: string, comment: string): Html {
  if (comment.length <= shortComment) return html`<q class="comment">${comment}</q>`;
  const count = comment.length.toLocaleString('en');
  return html`<details id="${id}" class="comment"><summary>Comment of ${count} characters</summary><p class="comment-text" tabindex="0">${comment}</p></details>`;
}

function pointsText(points: number): string {
  return String(Math.round(points * 100) / 100);
}

/** A time of this machine's clock and zone, to the second. @param at Unix milliseconds */
export function timeText(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
