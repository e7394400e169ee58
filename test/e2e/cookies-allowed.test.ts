import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { startHubWorld } from '../support/hub.ts';
import {
  coursePage,
  greeting,
  hubFrame,
  lmsFrame,
  newestLaunch,
  openedBy,
  postInFrame,
  setPresentation,
  sitesShown,
} from './course.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

let browser: TestBrowser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  await setPresentation(testDatabase, world.tool, 'redirect');
  page = await browser.newPage();
});
afterEach(() => page.context().close());

test('by redirect the tool takes the hub’s place in the LMS’s frame', async () => {
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(lmsFrame(page)).waitFor();
  expect(sitesShown(page)).toEqual(['lms', 'tool']);
  expect(await newestLaunch(testDatabase)).toMatchObject({
    state: 'opened',
    reason: null,
    binding: 'cookie',
    presentation: 'redirect',
  });
});

test('framed, the hub’s page stays around the tool and hands its height to the LMS', async () => {
  await setPresentation(testDatabase, world.tool, 'framed');
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(hubFrame(page)).waitFor();
  expect(sitesShown(page)).toEqual(['lms', 'hub', 'tool']);
  const height = () => page.locator('iframe[name=tool]').evaluate((frame) => frame.style.height);
  await expect.poll(height).toMatch(/^\d+(\.\d+)?px$/);
  expect(await findBarriers(page)).toEqual([]);
});

test('in a new window the tool opens by keyboard alone, and nothing used up stands behind it', async () => {
  await setPresentation(testDatabase, world.tool, 'new_window');
  await page.goto(coursePage(world, 'ns-cell-lab'));
  const button = lmsFrame(page).getByRole('button', { name: 'Open in a new window' });
  await button.waitFor();
  expect(await findBarriers(page)).toEqual([]);
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) break;
  }
  const opened = await openedBy(page, () => page.keyboard.press('Enter'));
  await greeting(opened).waitFor();
  await lmsFrame(page).getByText('The activity has opened in a new window.').waitFor();
  expect(await opened.evaluate('history.length')).toBe(1);
  expect(await newestLaunch(testDatabase)).toMatchObject({ state: 'opened', presentation: 'new_window' });
});

test('a double click on the button opens one window', async () => {
  await setPresentation(testDatabase, world.tool, 'new_window');
  await page.goto(coursePage(world, 'ns-cell-lab'));
  const button = lmsFrame(page).getByRole('button', { name: 'Open in a new window' });
  const opened = await openedBy(page, () => button.dblclick());
  await greeting(opened).waitFor();
  expect(page.context().pages()).toHaveLength(2);
});

test('a link that the LMS opens in a window needs no step of the hub’s', async () => {
  await setPresentation(testDatabase, world.tool, 'new_window');
  await page.goto(coursePage(world, 'ns-microscope'));
  const link = page.getByRole('link', { name: 'Open in a new window' });
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await greeting(opened).waitFor();
  expect(sitesShown(opened)).toEqual(['tool']);
});

test('two tabs that launch at the same moment both open', async () => {
  const other = await page.context().newPage();
  await page.goto(coursePage(world));
  await Promise.all([
    page.goto(coursePage(world, 'ns-cell-lab')),
    other.goto(coursePage(world, 'ns-punnett-quiz')),
  ]);
  await Promise.all([greeting(lmsFrame(page)).waitFor(), greeting(lmsFrame(other)).waitFor()]);
});

test('a double click on the link in the course opens the tool', async () => {
  await page.goto(coursePage(world));
  await page.getByRole('link', { name: 'Cell structure lab' }).dblclick();
  await greeting(lmsFrame(page)).waitFor();
});

test('a launch leaves one step in the window’s history, so that back is the course', async () => {
  await page.goto(coursePage(world));
  await page.goto(`${coursePage(world, 'ns-cell-lab')}/launch`);
  await greeting(page).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Biology 9, Section B' }).waitFor();
});

test('a reload of the course page opens the tool anew', async () => {
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(lmsFrame(page)).waitFor();
  const { launch_id: first } = await newestLaunch(testDatabase);
  await page.reload();
  await greeting(lmsFrame(page)).waitFor();
  expect((await newestLaunch(testDatabase)).launch_id).not.toBe(first);
});

test('a launch that the browser posts again, as back in a frame may do, says to open it again', async () => {
  const posted = page.waitForRequest(/\/lti\/launch$/);
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(lmsFrame(page)).waitFor();
  const fields = Object.fromEntries(new URLSearchParams((await posted).postData() ?? ''));
  await postInFrame(page, (await posted).url(), fields);
  await lmsFrame(page).getByRole('heading', { name: 'Please open it again' }).waitFor();
  await lmsFrame(page).getByText('Reference:').waitFor();
  expect(await findBarriers(page)).toEqual([]);
});
