import type { Response } from 'express';
import { type Html, html } from '../platform/html.ts';

/** Sends a page that runs under the given policy and no other. */
export function sendPage(response: Response, page: Html, contentSecurityPolicy: string): void {
  response
    .set('Content-Security-Policy', contentSecurityPolicy)
    .set('X-Content-Type-Options', 'nosniff')
    .type('html')
    .send(page.text);
}

/** The bare document around a page. @param head what follows the title: style sheets, scripts */
export function documentWith(title: string, head: Html, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}</head>
${body}
</html>
`;
}
