import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Presentation } from '../../src/tools/tool.ts';
import { blockThirdPartyCookies, launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { startHubWorld } from '../support/hub.ts';
import { coursePage, keepNoCookies, newestLaunch, setPresentation } from './course.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

let browser: TestBrowser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.context().close());

/**
 * Steps in the window's history. Asked of the browser, since a script that a test evaluates counts as a gesture of the
 * person, and what a page does after a gesture becomes a step.
 */
async function stepsOf(window: Page): Promise<number> {
  const session = await window.context().newCDPSession(window);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.length;
}

/** Resolves once the sample tool's page has come into a frame; asks nothing of any page. */
async function openedAt(path: string): Promise<void> {
  await page.waitForEvent(
    'framenavigated',
    (frame) => frame.url() === `http://tool.localhost:${world.port}${path}`,
  );
}

/** How the browser treats cookies in frames, and what the LMS and the tool are set to. */
interface Way {
  presentation: Presentation;
  cookies: 'all' | 'partitioned' | 'none';
  storage?: string;
}

const ways: Array<[name: string, way: Way]> = [
  ['by redirect', { presentation: 'redirect', cookies: 'all' }],
  ['framed', { presentation: 'framed', cookies: 'all' }],
  ['framed with partitioned cookies', { presentation: 'redirect', cookies: 'partitioned' }],
  ['with a storage frame', { presentation: 'redirect', cookies: 'none', storage: 'post_message_forwarding' }],
  ['with the LMS’s window as storage', { presentation: 'redirect', cookies: 'none', storage: '_parent' }],
];

test.each(ways)('a launch %s adds no step to the page’s own, and back is the course', async (_, way) => {
  const proven = way.cookies === 'none' ? 'storage' : 'cookie';
  await setPresentation(testDatabase, world.tool, way.presentation);
  world.lms.knobs.storageTarget = way.storage ?? null;
  if (way.cookies !== 'all') await blockThirdPartyCookies(page);
  if (way.cookies === 'none') await keepNoCookies(page);
  await page.goto(coursePage(world));
  const before = await stepsOf(page);

  const opened = openedAt(proven === 'storage' ? '/launch/proof' : '/launch');
  await page.getByRole('link', { name: 'Cell structure lab' }).click();
  await opened;
  expect(await stepsOf(page)).toBe(before + 1);
  expect(await newestLaunch(testDatabase)).toMatchObject({ state: 'opened', binding: proven });

  await page.goBack();
  await page.getByRole('heading', { name: 'Biology 9, Section B' }).waitFor();
});
