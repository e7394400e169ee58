import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { type DirectDemo, startDirectDemo } from './support/demo-world.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let browser: TestBrowser;
let demo: DirectDemo;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  demo = await startDirectDemo();
});
afterEach(async () => {
  await page.context().close();
  demo.lms.modes.set('northside', 'normal');
});
afterAll(async () => {
  await browser.close();
  await demo.close();
});

let minute = 0;

/** Puts a score on the course's first line item, newer than the one before. */
function record(personId: string, scoreGiven: number, comment?: string): void {
  minute += 1;
  const [item] = demo.lms.gradebook.listLineItems('ns-biology-9b');
  demo.lms.gradebook.record({
    lineItemId: item!.id,
    personId,
    scoreGiven,
    scoreMaximum: 10,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString(),
    arrivedAt: Date.now(),
    ...(comment === undefined ? {} : { comment }),
  });
}

async function openGradebookAs(person: string, settings: Parameters<TestBrowser['newPage']>[0] = {}) {
  page = await browser.newPage(settings);
  await page.goto(`${demo.lms.baseUrl}/schools/northside/gradebook`);
  await page.getByLabel('You are').selectOption(person);
  await page.getByRole('button', { name: 'Switch' }).click();
}

const cellOf = (name: string) => page.getByRole('row', { name }).getByRole('cell').first();

async function overflowOf(frame: Frame): Promise<unknown> {
  return frame.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

test('a score shows on the open page without loading it again, and an open comment stays open', async () => {
  await openGradebookAs('ns-okafor');
  await page.evaluate('window.stillHere = true');
  record('ns-nwosu', 7, 'Long. '.repeat(40));
  await cellOf('Amara Nwosu').getByText('Comment of').click();
  record('ns-park', 6);
  await cellOf('Noah Park').getByText('6', { exact: true }).waitFor();
  expect(await cellOf('Amara Nwosu').locator('details').getAttribute('open')).toBe('');
  expect(await page.locator('#news').textContent()).toContain('2 scores');
  expect(await page.evaluate('window.stillHere')).toBe(true);
});

test('a teacher makes trouble and ends it by keyboard alone', async () => {
  await openGradebookAs('ns-okafor');
  await page.getByLabel('Normal', { exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('Takes three seconds for every answer.').first().waitFor();
  expect(demo.lms.modes.of('northside')).toBe('slow');
  expect(await page.getByLabel('Slow', { exact: true }).isChecked()).toBe(true);
});

test('the page with scores and choices is free of axe findings, light or dark', async () => {
  record('ns-castillo', 3, 'A comment of a teacher. '.repeat(30));
  demo.lms.modes.set('northside', 'down');
  await openGradebookAs('ns-okafor', { reducedMotion: 'reduce' });
  await page.getByText('Comment of').first().click();
  expect(await findBarriers(page)).toEqual([]);
});

test('the page with scores and choices reflows at 320 px', async () => {
  await openGradebookAs('ns-okafor', { viewport: { width: 320, height: 640 } });
  expect(await overflowOf(page.mainFrame())).toBe(0);
});

test('the activity in its frame takes a score, and is free of axe findings, light or dark', async () => {
  page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 320, height: 640 } });
  await page.goto(`${demo.lms.baseUrl}/schools/northside/items/ns-punnett-quiz`);
  const tool = page.frameLocator('iframe[name=tool]');
  await tool.getByRole('link', { name: 'Go to the activity' }).click();
  await tool.getByLabel('Score, from 0 to 20').fill('12.5');
  await tool.getByLabel('Comment').fill('By hand');
  await tool.getByRole('button', { name: 'Hand in' }).click();
  await tool.getByText('12.5 of 20').first().waitFor();
  expect(await findBarriers(page)).toEqual([]);
  for (const frame of page.frames()) expect(await overflowOf(frame), frame.url()).toBe(0);
});
