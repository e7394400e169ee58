import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { Person } from '../../world.ts';
import { gradedItems } from '../directory.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, fullName } from './course-layout.ts';

/** Teachers see every pupil's row, a pupil their own. Cells stay empty until scores arrive. */
export function gradebookPage(view: CourseView): Html {
  const { school, person } = view;
  const staff = person.role === 'teacher' || person.role === 'assistant';
  const columns = gradedItems(school.course);
  const pupils = school.people.filter(({ role }) => role === 'pupil');
  const rows: readonly Person[] = staff ? pupils : [person];
  const title = person.role === 'pupil' ? 'Grades' : 'Gradebook';
  return coursePage(
    view,
    title,
    html`<h1>${title}</h1>
<p class="muted">No scores yet. A score shows here as soon as a tool sends one.</p>
<div class="scroller" role="region" aria-labelledby="grades" tabindex="0">
<table class="gradebook">
<caption id="grades">${staff ? `Scores in ${school.course.title}` : `Your scores in ${school.course.title}`}</caption>
<thead><tr><th scope="col">Name</th>${columns.map(
      (item) =>
        html`<th scope="col" class="score">${item.title}<span class="muted">out of ${item.points}</span></th>`,
    )}</tr></thead>
<tbody>${rows.map(
      (pupil) =>
        html`<tr><th scope="row">${fullName(pupil)}</th>${columns.map(() => html`<td class="score">–</td>`)}</tr>\n`,
    )}</tbody>
</table>
</div>`,
  );
}
