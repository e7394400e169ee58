import type { Response } from 'express';
import { type Html, html } from '../../platform/html.ts';
import { documentWith, sendPage } from '../page.ts';

// No frame-ancestors: a tool is embedded by learning platforms on any host.
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'";

/** Sends a page with the headers all pages of the tool share. */
export function send(response: Response, page: Html): void {
  response.set('Referrer-Policy', 'no-referrer').set('Cache-Control', 'no-store');
  sendPage(response, page, contentSecurityPolicy);
}

/** The document around every page of the tool. */
export function document(title: string, main: Html, scripts: readonly string[] = []): Html {
  return documentWith(
    title,
    html`<link rel="stylesheet" href="/browser/tool.css">
${scripts.map((name) => html`<script src="/browser/${name}" type="module"></script>\n`)}`,
    html`<body>
<main aria-label="Sample tool">
${main}
</main>
</body>`,
  );
}

/** A page that says one thing to the person. */
export function messagePage(title: string, message: string): Html {
  return document(title, html`<h1>${title}</h1><p>${message}</p>`);
}

/** Where the platform keeps data for the tool. */
interface StoragePlace {
  /** Frame name from lti_storage_target, or `_parent`. */
  storageTarget: string;
  /** Origin of the authorization endpoint: the only one that is spoken to. */
  platformOrigin: string;
  state: string;
}

/** Login step: puts the secret into the platform's storage, then goes on to the platform. */
export function storePage(place: StoragePlace & { browserSecret: string; next: string }): Html {
  return document(
    'Opening the tool',
    html`<h1>Opening the tool</h1>
<p><a id="next" href="${place.next}" ${data(place)} data-secret="${place.browserSecret}">Continue</a></p>`,
    ['store.js'],
  );
}

/** Launch step: reads the secret back and posts it. */
export function provePage(place: StoragePlace): Html {
  return document(
    'Opening the tool',
    html`<h1>Opening the tool</h1>
<form id="proof" method="post" action="/launch/proof" ${data(place)}>
<input type="hidden" name="state" value="${place.state}">
<input type="hidden" name="proof" value="">
<button>Continue</button>
</form>`,
    ['prove.js'],
  );
}

function data(place: StoragePlace): Html {
  return html`data-target="${place.storageTarget}" data-origin="${place.platformOrigin}" data-state="${place.state}"`;
}
