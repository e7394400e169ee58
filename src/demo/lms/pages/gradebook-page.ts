import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { Person } from '../../world.ts';
import type { LineItem, RecordedScore } from '../grades/gradebook.ts';
import type { GradebookMode } from '../grades/modes.ts';
import { modes } from '../grades/modes.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, fullName } from './course-layout.ts';
import { modePanel } from './mode-panel.ts';
import { scoreCell, timeText } from './score-cell.ts';

/** A line item and the scores on it. */
export interface Column {
  item: LineItem;
  scores: readonly RecordedScore[];
}

export interface GradebookFacts {
  columns: readonly Column[];
  mode: GradebookMode;
  /** A command that shows what the hub did. */
  hint: string | undefined;
}

/** Teachers see every pupil's row and choose how the gradebook answers; a pupil sees their own row. */
export function gradebookPage(view: CourseView, facts: GradebookFacts): Html {
  const { school, person } = view;
  const staff = person.role === 'teacher' || person.role === 'assistant';
  const rows: readonly Person[] = staff ? school.people.filter(({ role }) => role === 'pupil') : [person];
  const title = person.role === 'pupil' ? 'Grades' : 'Gradebook';
  const { columns, mode } = facts;
  return coursePage(
    view,
    title,
    html`<h1>${title}</h1>
<p id="news" class="muted" role="status">${newsText(rows, columns)}</p>
${staff && mode !== 'normal' && html`<p class="notice"><strong>${modes[mode].title}.</strong> ${modes[mode].lms}</p>`}
<div class="scroller" role="region" aria-labelledby="grades" tabindex="0">
<table class="gradebook">
<caption id="grades">${staff ? `Scores in ${school.course.title}` : `Your scores in ${school.course.title}`}</caption>
<thead><tr><th scope="col">Name</th>${columns.map(
      ({ item }) =>
        html`<th scope="col" class="score">${item.label}<span class="muted">out of ${item.scoreMaximum}</span></th>`,
    )}</tr></thead>
<tbody id="book">${rows.map((pupil) => row(pupil, columns))}</tbody>
</table>
</div>
${person.role === 'teacher' && modePanel(school, mode, facts.hint)}`,
    ['gradebook.js'],
  );
}

function row(pupil: Person, columns: readonly Column[]): Html {
  const cells = columns.map(({ item, scores }) =>
    scoreCell(
      item,
      scores.find(({ personId }) => personId === pupil.id),
    ),
  );
  return html`<tr><th scope="row">${fullName(pupil)}</th>${cells}</tr>\n`;
}

/** How many of the scores shown there are, and when the last arrived. */
function newsText(rows: readonly Person[], columns: readonly Column[]): string {
  const shown = columns
    .flatMap(({ scores }) => scores)
    .filter(({ personId }) => rows.some(({ id }) => id === personId));
  if (shown.length === 0) return 'No scores yet. A score shows here as soon as a tool sends one.';
  const last = Math.max(...shown.map(({ arrivedAt }) => arrivedAt));
  return `${shown.length === 1 ? 'One score' : `${shown.length} scores`}, the last from ${timeText(last)}.`;
}
