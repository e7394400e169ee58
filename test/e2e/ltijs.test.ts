import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import type { LaunchFacts } from '../peers/ltijs/messages.ts';
import { ltijsLink, startLtijs, worldWithLtijs } from '../peers/ltijs/peer.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { startHubWorld } from '../support/hub.ts';
import {
  coursePage,
  hubFrame,
  lmsFrame,
  newestLaunch,
  openedBy,
  setPresentation,
  sitesShown,
} from './course.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { world: worldWithLtijs });
const ltijs = await startLtijs(testDatabase, world, { northside: 'names', riverbend: 'anonymous' });
const link = coursePage(world, ltijsLink('northside'));

let browser: TestBrowser;
async function openPage(options: { blockThirdPartyCookies: boolean }): Promise<Page> {
  browser = await launchBrowser(options);
  afterAll(() => browser.close());
  return browser.newPage();
}

async function factsOf(where: Page | FrameLocator): Promise<LaunchFacts> {
  return JSON.parse((await where.locator('pre').textContent()) ?? '') as LaunchFacts;
}

test('where cookies work, ltijs opens in the LMS’s frame and stays through a reload of its page', async () => {
  await setPresentation(testDatabase, ltijs, 'redirect');
  const page = await openPage({ blockThirdPartyCookies: false });
  await page.goto(link);
  expect(await factsOf(lmsFrame(page))).toMatchObject({
    name: 'Amara Nwosu',
    course: 'Biology 9, Section B',
  });
  expect(sitesShown(page)).toEqual(['lms', 'ltijs']);
  await lmsFrame(page)
    .locator('html')
    .evaluate((element) => element.ownerDocument.location.reload());
  expect(await factsOf(lmsFrame(page))).toMatchObject({ name: 'Amara Nwosu' });
  expect(await newestLaunch(testDatabase)).toMatchObject({ state: 'opened', presentation: 'redirect' });

  await setPresentation(testDatabase, ltijs, 'framed');
  await page.goto(link);
  expect(await factsOf(hubFrame(page))).toMatchObject({ name: 'Amara Nwosu' });
});

test.each(['redirect', 'framed'] as const)(
  'where cookies are blocked, ltijs opens in a window of its own: %s',
  async (presentation) => {
    await setPresentation(testDatabase, ltijs, presentation);
    const page = await openPage({ blockThirdPartyCookies: true });
    await page.goto(link);
    const button = lmsFrame(page).getByRole('button', { name: 'Open in a new window' });
    const opened = await openedBy(page, () => button.click());
    expect(await factsOf(opened)).toMatchObject({ name: 'Amara Nwosu' });
    expect(await newestLaunch(testDatabase)).toMatchObject({ state: 'opened', presentation: 'new_window' });
    await opened.reload();
    expect(await factsOf(opened)).toMatchObject({ name: 'Amara Nwosu' });
  },
);
