import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chooseLanguage } from '../../../src/platform/i18n.ts';
import { openSites, type Sites, sendPage } from '../../lti/pages/sites.ts';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { portalSamples, signInEnvironments } from './portal-samples.ts';

const samples = portalSamples('Biology 9, section B: the long name of a class');
const names = Object.keys(samples).sort();
vi.setConfig({ testTimeout: 60_000 });

let browser: TestBrowser;
let sites: Sites;
beforeAll(async () => {
  browser = await launchBrowser();
  sites = await openSites();
  for (const [name, page] of Object.entries(samples)) {
    sites.on('hub', `/${name}`, (request, response) => {
      const language = chooseLanguage({ acceptLanguage: request.get('accept-language') });
      sendPage(response, page(signInEnvironments(language)));
    });
  }
}, 60_000);
afterAll(async () => {
  sites.close();
  await browser.close();
});

const open = (page: Page, name: string) => page.goto(`${sites.origin('hub')}/${name}`);

test.each(['en', 'ar'])('axe finds nothing on any page of the portal, light or dark: %s', async (locale) => {
  const page = await browser.newPage({ locale });
  for (const name of names) {
    await open(page, name);
    expect([name, await findBarriers(page)]).toEqual([name, []]);
  }
  await page.context().close();
});

test.each(['de', 'ar'])('every page fits 320 px without scrolling sideways: %s', async (locale) => {
  const page = await browser.newPage({ locale, viewport: { width: 320, height: 480 } });
  for (const name of names) {
    await open(page, name);
    const { overflow, targets } = await page.evaluate<{ overflow: number; targets: number[] }>(`({
      overflow: document.documentElement.scrollWidth - innerWidth,
      targets: [...document.querySelectorAll('button, a')].map((target) => target.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    })`);
    expect([name, overflow]).toEqual([name, 0]);
    expect(targets.length).toBeGreaterThan(0);
    for (const side of targets) expect(side, name).toBeGreaterThanOrEqual(24);
  }
  await page.context().close();
});

test('the keyboard reaches every tool in the order of the page, with its focus seen, and opens it', async () => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await open(page, 'few');
  const reached: (string | null)[] = [];
  for (let step = 0; step < 9; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.locator(':focus-visible').getAttribute('value'));
    expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe('solid');
  }
  const [one, two] = ['0', '1'].map((index) => index.padStart(36, '0'));
  // Sign out comes first; then three classes, and the tools on their own.
  expect(reached).toEqual([null, one, two, one, two, one, two, one, two]);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => sites.received)
    .toEqual([
      {
        site: 'hub',
        path: '/t/north/portal/launch',
        fields: { class: '2'.padStart(22, 'k'), tool: two },
      },
    ]);
  await page.context().close();
});

test('where the system chooses colours, buttons keep an edge', async () => {
  const page = await browser.newPage({ forcedColors: 'active' });
  await open(page, 'few');
  const widths = await page.evaluate<string[]>(
    `[...document.querySelectorAll('button')].map((button) => getComputedStyle(button).borderTopWidth)`,
  );
  for (const width of widths) expect(Number.parseFloat(width)).toBeGreaterThan(0);
  await page.context().close();
});
