import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { startHubWorld } from '../support/hub.ts';
import { coursePage, greeting, hubFrame, keepNoCookies, lmsFrame, newestLaunch, openedBy } from './course.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

let browser: TestBrowser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.context().close());

test('a tool with platform storage is framed by itself', async () => {
  world.lms.knobs.storageTarget = null;
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(hubFrame(page)).waitFor();
  expect(await newestLaunch(testDatabase)).toMatchObject({
    state: 'opened',
    binding: 'cookie',
    presentation: 'framed',
  });
});

test.each(['post_message_forwarding', '_parent'])(
  'without any cookie the LMS’s storage serves the hub, and the hub’s the tool: %s',
  async (target) => {
    world.lms.knobs.storageTarget = target;
    await keepNoCookies(page);
    await page.goto(coursePage(world, 'ns-cell-lab'));
    await greeting(hubFrame(page)).waitFor();
    await hubFrame(page).getByText('Browser proven by the platform').waitFor();
    expect(await newestLaunch(testDatabase)).toMatchObject({
      state: 'opened',
      binding: 'storage',
      presentation: 'framed',
    });
  },
);

test('an LMS that offers storage and does not keep it leads to the new window', async () => {
  world.lms.knobs.storageTarget = 'post_message_forwarding';
  await keepNoCookies(page);
  await page.route('**/browser/storage.js', (route) => route.abort());
  await page.goto(coursePage(world, 'ns-cell-lab'));
  const button = lmsFrame(page).getByRole('button', { name: 'Open in a new window' });
  const opened = await openedBy(page, () => button.click());
  await greeting(opened).waitFor();
});

test('without any cookie and storage the login starts again in a window of its own', async () => {
  world.lms.knobs.storageTarget = null;
  await keepNoCookies(page);
  await page.goto(coursePage(world, 'ns-cell-lab'));
  const button = lmsFrame(page).getByRole('button', { name: 'Open in a new window' });
  await button.waitFor();
  expect(await findBarriers(page)).toEqual([]);
  const opened = await openedBy(page, () => button.click());
  await greeting(opened).waitFor();
  expect(await newestLaunch(testDatabase)).toMatchObject({
    state: 'opened',
    binding: 'cookie',
    presentation: 'redirect',
  });
});
