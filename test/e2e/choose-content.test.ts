import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { enableToolWithPolicy } from '../../src/privacy/policies.ts';
import { registerTool } from '../../src/tools/tools.ts';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { by, startHubWorld } from '../support/hub.ts';
import {
  coursePage,
  greeting,
  hubFrame,
  keepNoCookies,
  lmsFrame,
  newestLaunch,
  sitesShown,
} from './course.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase, { grades: true });
const { northside } = world.tenants;

const browsers: Record<string, TestBrowser> = {};
let page: Page;
beforeAll(async () => {
  browsers.allowed = await launchBrowser();
  browsers.blocked = await launchBrowser({ blockThirdPartyCookies: true });
});
afterAll(async () => {
  await browsers.allowed?.close();
  await browsers.blocked?.close();
});
afterEach(() => page.context().close());

/** Becomes a teacher, and goes to where content is chosen. */
async function chooseContent(cookies: string): Promise<void> {
  page = await browsers[cookies]!.newPage();
  await page.goto(coursePage(world));
  expect(await page.getByRole('link', { name: 'Choose content' }).count()).toBe(0);
  await page.getByLabel('You are').selectOption('ns-okafor');
  await page.getByRole('button', { name: 'Switch' }).click();
}

async function add(where: FrameLocator, title: string): Promise<void> {
  await where.getByLabel(title).check();
  await where.getByRole('button', { name: 'Add to the course' }).click();
  // The LMS's answer stands in its own frame, in whatever frames it was chosen.
  await lmsFrame(page).getByRole('heading', { name: 'Added to the course' }).waitFor();
  expect(sitesShown(page).filter((site) => site !== 'lms')).toEqual([]);
  await lmsFrame(page).getByRole('link', { name: 'Back to the course' }).click();
  await page.getByRole('link', { name: title, exact: true }).first().click();
}

test.each([
  ['allowed', 'cookie'],
  ['blocked', 'cookie'],
  ['blocked', 'storage'],
])(
  'a teacher chooses content, and it opens from the course: cookies %s, proven by %s',
  async (cookies, binding) => {
    world.lms.knobs.storageTarget = binding === 'storage' ? '_parent' : null;
    await chooseContent(cookies);
    if (binding === 'storage') await keepNoCookies(page);
    await page.getByRole('link', { name: 'Choose content' }).click();
    const where = cookies === 'allowed' ? lmsFrame(page) : hubFrame(page);
    await where.getByRole('heading', { name: 'What shall be in your course?' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(await newestLaunch(testDatabase)).toMatchObject({
      state: 'opened',
      binding,
      presentation: cookies === 'allowed' ? 'redirect' : 'framed',
    });
    await add(where, 'Photosynthesis lab');
    await where.getByRole('heading', { name: 'Hello, Grace' }).waitFor();
    await where.getByText('/activities/photosynthesis').waitFor();
  },
);

test('the class list stands in the tool, with the names the school lets out', async () => {
  world.lms.knobs.storageTarget = null;
  page = await browsers.allowed!.newPage();
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await greeting(lmsFrame(page)).waitFor();
  await lmsFrame(page).getByRole('link', { name: 'See the class list' }).click();
  const table = lmsFrame(page).getByRole('table', { name: 'Members' });
  await table.getByRole('row', { name: /Diego Castillo Learner diego\.castillo/ }).waitFor();
  await table.getByRole('row', { name: /Grace Okafor Instructor/ }).waitFor();
  // Who shares no name with tools has none here either.
  await table.getByRole('row', { name: /Not told Learner Not told/ }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('with several tools one is chosen with the keyboard alone', async () => {
  const other = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: 'other-tool',
        name: 'Another tool with quite a long name',
        loginInitiationUrl: 'https://other.example/login',
        targetLinkUri: 'https://other.example/',
        redirectUris: ['https://other.example/launch'],
      },
      { allowLoopback: true },
      by(),
    ),
  );
  await database.withTenant(northside.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: other.toolId }, by()),
  );
  world.first.lti.forgetAll();
  await chooseContent('blocked');
  await page.getByRole('link', { name: 'Choose content' }).click();
  const picker = lmsFrame(page);
  await picker.getByRole('heading', { name: 'Choose a tool' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await picker.getByRole('button', { name: 'Another tool' }).focus();
  await page.keyboard.press('Tab');
  await picker.locator('button:focus-visible', { hasText: 'Sample tool' }).waitFor();
  await page.keyboard.press('Enter');
  await hubFrame(page).getByRole('heading', { name: 'What shall be in your course?' }).waitFor();
});
