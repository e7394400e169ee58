import type { Response } from 'express';
import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  // Tools live on any host.
  'frame-src *',
  "frame-ancestors 'self'",
  "base-uri 'none'",
].join('; ');

/** Sends a page with the headers all pages of the LMS share. */
export function send(response: Response, page: Html): void {
  response
    .set('Content-Security-Policy', contentSecurityPolicy)
    .set('X-Content-Type-Options', 'nosniff')
    .set('Referrer-Policy', 'strict-origin-when-cross-origin')
    .type('html')
    .send(page.text);
}

/** The bare document around every page: head, style sheet, language. */
export function document(title: string, body: Html, scripts: readonly string[] = []): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/browser/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/browser/lms.css">
<link rel="stylesheet" href="/browser/course.css">
${scripts.map((name) => html`<script src="/browser/${name}" defer></script>\n`)}</head>
${body}
</html>
`;
}
