import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import { document } from './layout.ts';

/** A page that posts the fields at once; without scripts its button does. OAuth 2.0 Form Post Response Mode §2. */
export function formPostPage(action: string, fields: Record<string, string>): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  return document(
    'Opening the tool',
    html`<body class="hop">
<main>
<h1>Opening the tool</h1>
<form id="hop" method="post" action="${action}">
${inputs}<button class="button">Continue</button>
</form>
</main>
</body>`,
    ['submit.js'],
  );
}

/** A page that says one thing to the person. */
export function messagePage(title: string, message: string): Html {
  return document(title, html`<body class="hop"><main><h1>${title}</h1><p>${message}</p></main></body>`);
}
