import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import { document } from '../pages.ts';
import type { Answer } from '../service-call.ts';
import type { Activity, Sent } from './activities.ts';
import type { Result } from './service.ts';

export interface ActivityFacts {
  path: string;
  activity: Activity;
  lineItem: Answer<{ label: string; scoreMaximum: number }>;
  results: Answer<Result[]>;
  sent: readonly Sent[];
  nameOf: (userId: string) => string | undefined;
}

/** The form for learners, what was sent, and what the gradebook says about it. */
export function activityPage(facts: ActivityFacts): Html {
  const { activity, path, lineItem } = facts;
  return document(
    `${activity.title} · Sample tool`,
    html`<header class="hello">
<p class="product">Sample tool</p>
<h1>${activity.title}</h1>
<p>${activity.isLearner ? 'Choose the score you would like, and hand in.' : 'What learners handed in, and what became of it.'}</p>
</header>
${activity.isLearner && handInForm(path, lineItem.ok ? lineItem.value.scoreMaximum : 100)}
<section aria-labelledby="says">
<h2 id="says">What the school's gradebook says now</h2>
${resultsTable(facts)}
<form method="get" action="${path}"><button class="button quiet">Ask again</button></form>
</section>
<section aria-labelledby="sent">
<h2 id="sent">What this tool sent</h2>
${sentTable(facts.sent)}
</section>`,
    ['resize.js'],
  );
}

function handInForm(path: string, maximum: number): Html {
  return html`<section aria-labelledby="hand-in">
<h2 id="hand-in">Hand in</h2>
<form class="hand-in" method="post" action="${path}">
<input type="hidden" name="maximum" value="${maximum}">
<div class="field"><label for="score">Score, from 0 to ${maximum}</label>
<input id="score" name="score" type="number" min="0" max="${maximum}" step="any" aria-describedby="score-hint">
<p id="score-hint" class="muted">Leave it empty to take your score back.</p></div>
<div class="field"><label for="comment">Comment</label>
<textarea id="comment" name="comment" rows="3"></textarea></div>
<button class="button">Hand in</button>
</form>
</section>`;
}

function resultsTable({ results, nameOf }: ActivityFacts): Html {
  if (!results.ok) {
    return html`<p class="bad" data-fact="results">It could not be read (${statusText(results.status)}). ${results.text}</p>`;
  }
  if (results.value.length === 0) return html`<p data-fact="results">Nothing yet.</p>`;
  const rows = results.value.map(
    ({ userId, resultScore, resultMaximum, comment }) =>
      html`<tr><th scope="row">${nameOf(userId) ?? 'Someone who was not here'}</th><td>${
        typeof resultScore === 'number' ? `${round(resultScore)} of ${resultMaximum ?? 1}` : 'No score'
      }</td><td>${shorten(comment)}</td></tr>\n`,
  );
  return table('Scores in the gradebook', ['Person', 'Score', 'Comment'], rows);
}

function sentTable(sent: readonly Sent[]): Html {
  if (sent.length === 0) return html`<p class="muted">Nothing yet.</p>`;
  const rows = sent.map(
    ({ timestamp, name, scoreGiven, scoreMaximum, comment, status, text }) =>
      html`<tr><th scope="row"><time datetime="${timestamp}">${timestamp.slice(11, 23)} UTC</time></th><td>${name}</td><td>${
        scoreGiven === undefined ? 'No score' : `${scoreGiven} of ${scoreMaximum}`
      }</td><td>${shorten(comment)}</td><td data-answer="${status}">${statusText(status)}. ${text}</td></tr>\n`,
  );
  return table('Scores sent', ['Sent at', 'Person', 'Score', 'Comment', "The hub's answer"], rows);
}

function table(label: string, columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroller" role="region" aria-label="Table: ${label}" tabindex="0">
<table aria-label="${label}"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>
</div>`;
}

function statusText(status: number): string {
  return status === 0 ? 'No answer' : `Status ${status}`;
}

function shorten(comment: string | null | undefined): string {
  const text = comment ?? '';
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
