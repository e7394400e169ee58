import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { School } from '../../world.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, coursePath } from './course-layout.ts';

/** A tool of the school, as its page shows it. */
export interface ShownTool {
  clientId: string;
  name: string;
  deploymentId: string;
}

/** The tools that a school has added, and the form that adds one by its registration link. @param problem with what was entered */
export function toolsPage(view: CourseView, tools: readonly ShownTool[], problem?: string): Html {
  const { school } = view;
  return coursePage(
    view,
    'Tools',
    html`<h1>Tools</h1>
${toolTable(school, tools)}
<section class="panel" aria-labelledby="add">
<h2 id="add">Add a tool by its registration link</h2>
<p>The tool’s administrator makes the link. It connects the tool with ${school.name}; nothing else has to be copied.</p>
<form class="by-link" method="post" action="${coursePath(school, '/tools/add')}">
<label for="url">Registration link</label>
<input id="url" name="url" type="url" required autocomplete="off"${problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
${problem !== undefined && html`<p id="problem" class="problem">${problem}</p>`}
<button class="button">Add tool</button>
</form>
</section>`,
  );
}

/** The tool's own page in a frame; when that asks to be closed, the list of tools comes back. */
export function addToolPage(view: CourseView, link: string): Html {
  return coursePage(
    view,
    'Add a tool',
    html`<header class="item-head"><h1>Add a tool</h1>
<p>The tool says below how it goes on. <a href="${coursePath(view.school, '/tools')}">Back to the tools</a></p></header>
<div class="tool"><iframe name="registering" src="${link}" data-next="${coursePath(view.school, '/tools')}" title="The tool’s registration" referrerpolicy="no-referrer"></iframe></div>`,
    ['register.js', 'frame-resize.js'],
  );
}

function toolTable(school: School, tools: readonly ShownTool[]): Html {
  if (tools.length === 0) return html`<p data-fact="none">This school has no tool yet.</p>`;
  return html`<div class="scroller" role="region" aria-labelledby="tools" tabindex="0">
<table class="tools"><caption id="tools">Tools of ${school.name}</caption>
<thead><tr><th scope="col">Tool</th><th scope="col">Client ID</th><th scope="col">Deployment ID</th><th scope="col">Course</th></tr></thead>
<tbody>${tools.map((tool) => toolRow(school, tool))}</tbody></table>
</div>`;
}

function toolRow(school: School, { clientId, name, deploymentId }: ShownTool): Html {
  const action = coursePath(school, `/tools/${encodeURIComponent(clientId)}/link`);
  return html`<tr><th scope="row">${name}</th><td><code>${clientId}</code></td><td><code>${deploymentId}</code></td>
<td><form method="post" action="${action}"><button class="button quiet">Add a link</button></form></td></tr>\n`;
}
