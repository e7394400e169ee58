import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { CourseItem, CourseModule, School, World } from '../../world.ts';
import { contentButton } from './content-pages.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, coursePath, fullName, initials, roleName } from './course-layout.ts';
import { icon } from './icons.ts';
import { document } from './layout.ts';
import { type PortalHint, portalSection } from './portal-hint.ts';

/** The front page: pick a school, or go to the portal where there is one. */
export function schoolsPage(world: World, portal?: PortalHint): Html {
  const cards = world.schools.map(
    (school, index) => html`<li class="card" data-accent="${index + 1}">
<span class="crest" aria-hidden="true">${initials(school)}</span>
<h2><a href="${coursePath(school)}">${school.name}</a></h2>
<p>${school.course.title}</p>
<p class="muted">${school.course.term} · ${school.people.length} people</p>
</li>`,
  );
  return document(
    'Maple',
    html`<body class="front">
<header><p class="brand">${icon('leaf')}<span>Maple</span></p></header>
<main>
<h1>Choose a school</h1>
<p class="lead">These schools share a learning platform. Each opens its tools through a connection of its own.</p>
<ul class="cards">${cards}</ul>
${portal !== undefined && portalSection(portal)}
</main>
<footer><p>A simulated learning platform. Its schools, people and courses are made up.</p></footer>
</body>`,
  );
}

/** The course home: welcome, modules with their links, upcoming dates. */
export function courseHomePage(
  view: CourseView,
  { choosesContent, hasTools }: { choosesContent: boolean; hasTools: boolean },
): Html {
  const { school } = view;
  const { course } = school;
  const teachers = school.people.filter(({ role }) => role === 'teacher').map(fullName);
  return coursePage(
    view,
    'Home',
    html`<div class="home">
<div>
<section class="hero">
<p class="eyebrow">${course.label} · ${teachers.join(', ')}</p>
<h1>${course.title}</h1>
<p>${course.welcome}</p>
</section>
${!hasTools && noToolNotice(view)}
${course.modules.map((module) => moduleSection(school, module))}
${choosesContent && contentButton(school)}
</div>
<aside aria-labelledby="agenda">
<h2 id="agenda">${icon('calendar')}Coming up</h2>
<ol class="agenda">${course.agenda.map(({ when, what }) => html`<li><span class="when">${when}</span><span>${what}</span></li>`)}</ol>
</aside>
</div>`,
  );
}

/** Says who can change it that nothing opens yet, and where. */
function noToolNotice({ school, person }: CourseView): Html {
  if (person.role === 'teacher') {
    return html`<p class="notice">This school has no tool yet. <a href="${coursePath(school, '/tools')}">Add one by its registration link</a>.</p>`;
  }
  return html`<p class="notice">This school has no tool yet. Its teacher adds one: choose to be that person above.</p>`;
}

/** Everyone in the course, with their role. */
export function peoplePage(view: CourseView): Html {
  const rows = view.school.people
    .filter(({ role }) => role !== 'test_pupil')
    .map(
      (person) => html`<tr><th scope="row">${fullName(person)}</th><td>${roleName(person.role)}</td></tr>`,
    );
  return coursePage(
    view,
    'People',
    html`<h1>People</h1>
<div class="scroller" role="region" aria-labelledby="people" tabindex="0">
<table><caption id="people">Everyone in ${view.school.course.title}</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Role</th></tr></thead>
<tbody>${rows}</tbody></table>
</div>`,
  );
}

function moduleSection(school: School, module: CourseModule): Html {
  return html`<section class="module" aria-labelledby="${module.id}">
<h2 id="${module.id}">${module.title}</h2>
<ul>${module.items.map((item) => itemRow(school, item))}</ul>
</section>`;
}

function itemRow(school: School, item: CourseItem): Html {
  const facts = item.kind === 'reading' ? ['Reading'] : toolFacts(item);
  const picture = item.kind === 'reading' ? 'page' : item.opensIn === 'frame' ? 'tool' : 'window';
  return html`<li>${icon(picture)}<div><a href="${coursePath(school, `/items/${item.id}`)}">${item.title}</a>
<p class="muted">${facts.join(' · ')}</p></div></li>`;
}

/** Short facts about a tool link: how it opens, when it is due, its points. */
export function toolFacts(item: Extract<CourseItem, { kind: 'tool' }>): string[] {
  return [
    item.opensIn === 'frame' ? 'Tool' : 'Tool, opens in a new window',
    ...(item.due === undefined ? [] : [`Due ${item.due}`]),
    ...(item.points === undefined ? [] : [`${item.points} points`]),
  ];
}
