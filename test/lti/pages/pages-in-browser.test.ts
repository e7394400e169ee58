import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { formPostPage } from '../../../src/lti/pages/form-post-page.ts';
import { waitingPage } from '../../../src/lti/pages/waiting-page.ts';
import { chooseLanguage } from '../../../src/platform/i18n.ts';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { environments, samplePages } from './samples.ts';
import { openSites, type Sites, sendPage } from './sites.ts';

const names = Object.keys(samplePages('')).sort();

vi.setConfig({ testTimeout: 15_000 });

let browser: TestBrowser;
let sites: Sites;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  sites = await openSites();
  for (const [name, page] of Object.entries(samplePages('A-7F3K-92'))) {
    sites.on('hub', `/${name}`, (request, response) => {
      const language = chooseLanguage({ acceptLanguage: request.get('accept-language') });
      sendPage(response, page(environments(language)), ['http://*.localhost:*']);
    });
  }
});
afterEach(() => sites.close());

/**
 * Opens a page in a window of its own, and lets everything that comes late come, without waiting for it. A page that
 * sends its form at once gets a 204 and stays: it never reports that it has loaded, and may send while another is opened.
 */
async function openSample(context: BrowserContext, name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${sites.origin('hub')}/${name}`, { waitUntil: 'commit' });
  await page.locator('main').waitFor({ state: 'attached' });
  await page.evaluate(`document.body.classList.add('fallback');
    for (const animation of document.getAnimations()) animation.finish();`);
  return page;
}

test.each(['en', 'ar'])(
  'axe finds nothing on any page, light or dark: %s',
  { timeout: 90_000 },
  async (locale) => {
    const first = await browser.newPage({ locale, viewport: { width: 800, height: 600 } });
    for (const name of names) {
      const page = await openSample(first.context(), name);
      await page.locator('details').evaluateAll((all) => {
        for (const one of all) one.setAttribute('open', '');
      });
      expect([name, await findBarriers(page)]).toEqual([name, []]);
      await page.close();
    }
    await first.context().close();
  },
);

test('every page fits 320 px without scrolling sideways, with targets of at least 24 px', {
  timeout: 60_000,
}, async () => {
  const first = await browser.newPage({ locale: 'de', viewport: { width: 320, height: 480 } });
  let measured = 0;
  for (const name of names) {
    const page = await openSample(first.context(), name);
    // Measured at one moment: some of the pages change by themselves.
    const { overflow, targets } = await page.evaluate<{ overflow: number; targets: number[] }>(`({
      overflow: document.documentElement.scrollWidth - innerWidth,
      targets: [...document.querySelectorAll('button, summary')]
        .filter((target) => target.checkVisibility({ visibilityProperty: true }))
        .map((target) => target.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    })`);
    expect([name, overflow]).toEqual([name, 0]);
    for (const side of targets) expect(side, name).toBeGreaterThanOrEqual(24);
    measured += targets.length;
    await page.close();
  }
  expect(measured).toBeGreaterThan(names.length / 2);
  await first.context().close();
});

test('the keyboard reaches the button, and its focus is seen', async () => {
  const page = await openSample((await browser.newPage()).context(), 'newWindow');
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(
    `getComputedStyle(document.querySelector('button:focus-visible')).outlineStyle`,
  );
  expect(outline).toBe('solid');
  await page.context().close();
});

test('a form_post page sends its fields by itself, even one called submit', async () => {
  sites.on('hub', '/post', (_, response) =>
    sendPage(
      response,
      formPostPage(environments('en'), {
        action: `${sites.origin('tool')}/launch`,
        fields: { id_token: 'a.b.c', state: '"><b>', submit: 'x' },
      }),
    ),
  );
  const page = await browser.newPage();
  await page.goto(`${sites.origin('hub')}/post`, { waitUntil: 'commit' });
  await expect
    .poll(() => sites.received, { timeout: 4000 })
    .toEqual([{ site: 'tool', path: '/launch', fields: { id_token: 'a.b.c', state: '"><b>', submit: 'x' } }]);
  await page.context().close();
});

test('without JavaScript a form_post page has its button at once', async () => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(`${sites.origin('hub')}/formPost`);
  await page.getByRole('button', { name: 'Continue' }).click({ timeout: 1000 });
  await expect.poll(() => sites.received.length, { timeout: 4000 }).toBe(1);
  await page.context().close();
});

test('the waiting page looks every ten seconds, says once that it waits, and goes on when claimed', async () => {
  let looks = 0;
  sites.on('hub', '/status', (_, response) => response.json({ claimed: ++looks === 3 }));
  sites.on('hub', '/wait', (_, response) =>
    sendPage(
      response,
      waitingPage(environments('en'), {
        statusUrl: '/status',
        resume: { action: '/resume', fields: { ticket: 't' } },
        forSeconds: 3600,
        reference: 'R',
      }),
    ),
  );
  const page = await browser.newPage();
  await page.clock.install();
  await page.goto(`${sites.origin('hub')}/wait`);
  await page.clock.runFor(9_000);
  expect(looks).toBe(0);
  for (const expected of [1, 2, 3]) {
    // The next look is planned when the answer to this one has come.
    await expect
      .poll(
        async () => {
          await page.clock.runFor(1_000);
          return looks;
        },
        { timeout: 10_000 },
      )
      .toBe(expected);
  }
  await expect
    .poll(() => sites.received, { timeout: 4000 })
    .toEqual([{ site: 'hub', path: '/resume', fields: { ticket: 't' } }]);
  await page.context().close();
});

test('the waiting page stops looking when the launch can wait no longer, and says so', async () => {
  let looks = 0;
  sites.on('hub', '/status', (_, response) => {
    looks++;
    response.json({ claimed: false });
  });
  sites.on('hub', '/wait', (_, response) =>
    sendPage(
      response,
      waitingPage(environments('en'), {
        statusUrl: '/status',
        resume: { action: '/resume', fields: { ticket: 't' } },
        forSeconds: 15,
        reference: 'R',
      }),
    ),
  );
  const page = await browser.newPage();
  await page.clock.install();
  await page.goto(`${sites.origin('hub')}/wait`);
  const note = page.getByRole('status');
  await expect
    .poll(
      async () => {
        await page.clock.runFor(1_000);
        return note.textContent();
      },
      { timeout: 10_000 },
    )
    .toContain('Open the link in your course again');
  const looked = looks;
  await page.clock.runFor(120_000);
  expect([looked, looks]).toEqual([1, 1]);
  // The button still asks: it is the person who decides.
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect.poll(() => sites.received.length, { timeout: 4000 }).toBe(1);
  await page.context().close();
});
