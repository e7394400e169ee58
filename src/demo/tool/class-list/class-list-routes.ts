import type { Router } from 'express';
import express from 'express';
import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import { document, messagePage, send } from '../pages.ts';
import type { ToolInside } from '../sample-tool.ts';
import type { Answer } from '../service-call.ts';
import { type Member, readClassList } from './class-list.ts';

/** Who is in the class, as far as this tool is told. */
export function classListRoutes(tool: ToolInside): Router {
  const router = express.Router();
  router.get('/class/:key', async (request, response) => {
    const url = tool.classLists.find(request.params.key, tool.clock.now());
    if (url === undefined) {
      const message = 'Open the activity in your course again.';
      return send(response.status(404), messagePage('This page is no longer open', message));
    }
    return send(response, classListPage(await readClassList(tool.call, url)));
  });
  return router;
}

function classListPage(list: Answer<{ members: Member[]; hasMore: boolean }>): Html {
  return document(
    'Class list · Sample tool',
    html`<header class="hello">
<p class="product">Sample tool</p>
<h1>Class list</h1>
<p>Who is in this course, as the school lets this tool know.</p>
</header>
<section aria-label="Members">
${
  list.ok
    ? membersTable(list.value)
    : html`<p class="bad" data-fact="members">It could not be read (${list.status === 0 ? 'No answer' : `Status ${list.status}`}). ${list.text}</p>`
}
</section>`,
    ['resize.js'],
  );
}

function membersTable({ members, hasMore }: { members: readonly Member[]; hasMore: boolean }): Html {
  const rows = members.map(
    ({ user_id, name, email, roles, status }) =>
      html`<tr><th scope="row">${name ?? 'Not told'}</th><td>${roles.map(shortName).join(', ') || 'Not told'}</td><td>${email ?? 'Not told'}</td><td>${status}</td><td><code>${user_id}</code></td></tr>\n`,
  );
  const columns = ['Name', 'Role', 'E-mail', 'Status', 'As this tool knows them'];
  return html`<div class="scroller" role="region" aria-label="Table: Members" tabindex="0">
<table aria-label="Members"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>
</div>
${hasMore && html`<p class="muted">There are more than these.</p>`}`;
}

function shortName(role: string): string {
  return (role.split(/[#/]/).at(-1) ?? role).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
