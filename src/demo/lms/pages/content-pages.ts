import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { School } from '../../world.ts';
import type { CourseView } from './course-layout.ts';
import { coursePage, coursePath } from './course-layout.ts';
import { icon } from './icons.ts';
import { document } from './layout.ts';

/** The way to choose content, on the course's home. */
export function contentButton(school: School): Html {
  return html`<p class="choose"><a class="button" href="${coursePath(school, '/content')}">${icon('tool')}Choose content</a></p>`;
}

/** A tool in its frame, to choose content in. */
export function contentPage(view: CourseView, storageTarget: string | null): Html {
  const frame =
    storageTarget !== null &&
    storageTarget !== '_parent' &&
    html`<iframe name="${storageTarget}" src="/storage" title="Storage for tools" hidden></iframe>`;
  const target = storageTarget !== null && html` data-storage-target="${storageTarget}"`;
  return coursePage(
    view,
    'Choose content',
    html`<header class="item-head"><h1>Choose content</h1>
<p>What you choose here is added to the end of the course.</p></header>
${frame}
<div class="tool"${target}><iframe name="tool" src="${coursePath(view.school, '/content/launch')}" title="Choose content" allow="fullscreen"></iframe></div>`,
    ['storage.js', 'frame-resize.js'],
  );
}

/** What came of it; shown inside the frame. */
export function addedPage(
  school: School,
  added: { titles: readonly string[]; message: string | undefined; error: string | undefined },
): Html {
  const { titles, message, error } = added;
  const heading = titles.length === 0 ? 'Nothing was added' : 'Added to the course';
  return document(
    heading,
    html`<body class="hop"><main>
<h1>${heading}</h1>
${titles.length > 0 && html`<ul data-fact="added">${titles.map((title) => html`<li>${title}</li>`)}</ul>`}
${message !== undefined && html`<p data-fact="message">${message}</p>`}
${error !== undefined && html`<p data-fact="error">${error}</p>`}
<p><a class="button" target="_top" href="${coursePath(school)}">Back to the course</a></p>
</main></body>`,
  );
}
