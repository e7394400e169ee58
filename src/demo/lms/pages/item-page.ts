import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { CourseItem, School, ToolItem } from '../../world.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, coursePath } from './course-layout.ts';
import { toolFacts } from './course-pages.ts';
import { icon } from './icons.ts';
import { document } from './layout.ts';

/** A reading, or a tool in its frame, or the button that opens a tool in a new window. */
export function itemPage(view: CourseView, item: CourseItem, storageTarget: string | null): Html {
  if (item.kind === 'reading') {
    return coursePage(
      view,
      item.title,
      html`<article class="reading"><h1>${item.title}</h1>
${item.paragraphs.map((text) => html`<p>${text}</p>\n`)}</article>
${neighbours(view.school, item)}`,
    );
  }
  const launchPath = coursePath(view.school, `/items/${item.id}/launch`);
  const body =
    item.opensIn === 'frame' ? framedTool(item, launchPath, storageTarget) : windowTool(launchPath);
  return coursePage(
    view,
    item.title,
    html`<header class="item-head"><h1>${item.title}</h1>
<p>${item.description}</p>
<p class="muted">${toolFacts(item).join(' · ')}</p></header>
${body}
${neighbours(view.school, item)}`,
    ['storage.js', 'frame-resize.js'],
  );
}

/** The hidden frame that keeps tools' data for them. LTI postMessage Storage 0.1. */
export function storagePage(): Html {
  return document('Storage for tools', html`<body></body>`, ['storage.js']);
}

function framedTool(item: ToolItem, launchPath: string, storageTarget: string | null): Html {
  const frame =
    storageTarget !== null &&
    storageTarget !== '_parent' &&
    html`<iframe name="${storageTarget}" src="/storage" title="Storage for tools" hidden></iframe>`;
  const target = storageTarget !== null && html` data-storage-target="${storageTarget}"`;
  return html`${frame}
<div class="tool"${target}><iframe name="tool" src="${launchPath}" title="${item.title}" allow="fullscreen"></iframe></div>`;
}

function windowTool(launchPath: string): Html {
  return html`<p class="open-window"><a class="button" href="${launchPath}" target="_blank" rel="noopener">${icon('window')}Open in a new window</a></p>`;
}

function neighbours(school: School, item: CourseItem): Html {
  const items = school.course.modules.flatMap((module) => module.items);
  const position = items.indexOf(item);
  const before = items[position - 1];
  const after = items[position + 1];
  return html`<nav class="neighbours" aria-label="Items">
${before && html`<a class="button quiet" href="${coursePath(school, `/items/${before.id}`)}">‹ ${before.title}</a>`}
${after && html`<a class="button quiet next" href="${coursePath(school, `/items/${after.id}`)}">${after.title} ›</a>`}
</nav>`;
}
