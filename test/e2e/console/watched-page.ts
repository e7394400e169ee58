import type { BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { TestBrowser } from '../../support/browser.ts';

/** A window of the console, with whatever the browser said of it. */
export interface WatchedPage {
  page: Page;
  /** Errors and warnings, reports of the content security policy among them. */
  complaints: string[];
  /** Addresses asked for that are of another origin. */
  outside: string[];
}

/** Opens a window in a fresh profile for the running test, and collects whatever the browser complains of. */
export async function watchPage(
  browser: TestBrowser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    ...options,
  });
  // A page that is left open goes on asking and drawing.
  onTestFinished(() => page.context().close());
  const complaints: string[] = [];
  const outside: string[] = [];
  page.on('console', (message) => {
    // Before anybody has signed in, being told so is no fault.
    if (['error', 'warning'].includes(message.type()) && !/ 401 /.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) outside.push(request.url());
  });
  return { page, complaints, outside };
}
