import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';

export interface BrowserOptions {
  /** Blocks cookies of framed other sites which are not Partitioned, as browsers increasingly do. Default false. */
  blockThirdPartyCookies?: boolean;
}

/** A headless Chromium that can reach only this machine. */
export interface TestBrowser {
  /** Opens a page in a fresh profile: no cookies, no storage. Windows it opens share its profile. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a headless Chromium. Sites are `*.localhost`: each is a site of its own, and trustworthy without TLS. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const { executablePath, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath,
    env,
    args: [
      // A frame of another site stays in its page's process: Playwright loses sight, at times, of one that changes it.
      '--disable-site-isolation-trials',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE *.localhost , EXCLUDE 127.0.0.1',
    ],
  });
  return {
    newPage: async (contextOptions) => {
      const context = await browser.newContext(contextOptions);
      const page = await context.newPage();
      if (options.blockThirdPartyCookies) {
        await blockThirdPartyCookies(page);
        context.on('page', (opened) => void blockThirdPartyCookies(opened));
      }
      return page;
    },
    close: () => browser.close(),
  };
}

/**
 * Switches blocking on for one window, by the developer-tools protocol: the headless build reads no profile
 * preferences. Pages of a blocking browser have it already; a window that a page opened gets it a moment after it
 * appears, so await this first where cookies of frames in its first document matter.
 */
export async function blockThirdPartyCookies(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCookieControls', { enableThirdPartyCookieRestriction: true });
}
