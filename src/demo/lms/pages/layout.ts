import type { Response } from 'express';
import { type Html, html } from '../../../platform/html.ts';
import { documentWith, sendPage } from '../../page.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // Tools live on any host.
  'frame-src *',
  "frame-ancestors 'self'",
  "base-uri 'none'",
].join('; ');

/** Sends a page with the headers all pages of the LMS share. */
export function send(response: Response, page: Html): void {
  response.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  sendPage(response, page, contentSecurityPolicy);
}

/** The bare document around every page: head, style sheet, language. */
export function document(title: string, body: Html, scripts: readonly string[] = []): Html {
  return documentWith(
    title,
    html`<link rel="icon" href="/browser/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/browser/lms.css">
<link rel="stylesheet" href="/browser/course.css">
<link rel="stylesheet" href="/browser/gradebook.css">
<link rel="stylesheet" href="/browser/tools.css">
${scripts.map((name) => html`<script src="/browser/${name}" defer></script>\n`)}`,
    body,
  );
}
