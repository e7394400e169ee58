import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { CourseRole, Person, School, World } from '../../world.ts';
import type { IconName } from './icons.ts';
import { icon } from './icons.ts';
import { document } from './layout.ts';

/** What every page of a course shows around its content. */
export interface CourseView {
  world: World;
  school: School;
  person: Person;
  /** Path of the page, to come back to after switching the person. */
  path: string;
}

const roleNames: Record<CourseRole, string> = {
  teacher: 'Teacher',
  assistant: 'Teaching assistant',
  pupil: 'Pupil',
  test_pupil: 'Student View',
};

/** The role as people call it. */
export function roleName(role: CourseRole): string {
  return roleNames[role];
}

/** The person's full name. */
export function fullName(person: Person): string {
  return `${person.givenName} ${person.familyName}`;
}

/** First letters of the school's name. */
export function initials(school: School): string {
  return school.name
    .split(' ')
    .map((word) => word[0] ?? '')
    .join('');
}

/** Path of a school's course, or of something inside it. */
export function coursePath(school: School, rest = ''): string {
  return `/schools/${school.slug}${rest}`;
}

/** A page of a course: school rail, course menu, content. */
export function coursePage(
  view: CourseView,
  title: string,
  content: Html,
  scripts: readonly string[] = [],
): Html {
  const { school } = view;
  const position = view.world.schools.indexOf(school) + 1;
  return document(
    `${title} · ${school.course.title} · ${school.name}`,
    html`<body class="campus" data-accent="${position}">
<a class="skip" href="#content">Skip to content</a>
<header class="rail">
<a class="brand" href="/">${icon('leaf')}<span>Maple</span></a>
<nav aria-label="Schools">
<ul>${view.world.schools.map((candidate) => schoolLink(candidate, candidate === school))}</ul>
</nav>
</header>
<div class="page">
<div class="topbar">
<nav class="crumbs" aria-label="Breadcrumb"><span>${school.name}</span> <span aria-hidden="true">›</span> <a href="${coursePath(school)}">${school.course.label}</a></nav>
${personSwitcher(view)}
</div>
<div class="columns">
<nav class="menu" aria-label="Course">
<p class="term">${school.course.term}</p>
<ul>
${menuLink(view, '', 'home', 'Home')}
${menuLink(view, '/gradebook', 'grades', view.person.role === 'pupil' ? 'Grades' : 'Gradebook')}
${menuLink(view, '/people', 'people', 'People')}
${view.person.role === 'teacher' && menuLink(view, '/tools', 'tool', 'Tools')}
</ul>
</nav>
<main id="content" tabindex="-1">
${content}
</main>
</div>
<footer><p>A simulated learning platform. Its schools, people and courses are made up.</p></footer>
</div>
</body>`,
    scripts,
  );
}

function schoolLink(school: School, current: boolean): Html {
  return html`<li><a href="${coursePath(school)}"${current && html` aria-current="true"`}><span class="crest" aria-hidden="true">${initials(school)}</span><span>${school.name}</span></a></li>`;
}

function menuLink(view: CourseView, rest: string, name: IconName, text: string): Html {
  const href = coursePath(view.school, rest);
  return html`<li><a href="${href}"${view.path === href && html` aria-current="page"`}>${icon(name)}${text}</a></li>`;
}

function personSwitcher(view: CourseView): Html {
  const { school, person } = view;
  const options = school.people.map(
    (candidate) =>
      html`<option value="${candidate.id}"${candidate === person && html` selected`}>${optionText(candidate)}</option>\n`,
  );
  return html`<form class="switcher" aria-label="Person" method="post" action="${coursePath(school, '/act-as')}">
<label for="person">You are</label>
<select id="person" name="person">${options}</select>
<input type="hidden" name="back" value="${view.path}">
<button class="button quiet">Switch</button>
</form>`;
}

function optionText(person: Person): string {
  if (person.role === 'test_pupil') return 'Student View';
  const shared = person.shares === 'none' ? ', shares no name' : '';
  return `${fullName(person)} (${roleName(person.role).toLowerCase()}${shared})`;
}
