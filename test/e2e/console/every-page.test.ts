import { afterAll, expect, test } from 'vitest';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startConsoleWorld } from './console-world.ts';
import { markup } from './hostile-rows.ts';
import { findOverflow, findUnseenFocus } from './look.ts';
import { listPages } from './pages.ts';
import { createVisits, patience, settled, shown } from './visits.ts';

const world = await startConsoleWorld(await createTestDatabase());
const { origin, ids } = world;
const browser = await launchBrowser();
afterAll(() => browser.close());
const { openAs } = createVisits(browser, world);

const pages = listPages(ids);
const share = 15;
const shares = Array.from({ length: Math.ceil(pages.length / share) }, (_none, index) => index * share);
test.each(shares)(
  'every page from no. %i on is free of barriers in every colour and direction, reflows, shows the focus, and stays at home',
  async (from) => {
    const { page, complaints, outside } = await openAs('owner', '/health');
    const found: Record<string, string[]> = {};
    for (const [address, title] of pages.slice(from, from + share)) {
      await page.goto(`${origin}/console${address}`);
      await shown(page, title);
      await settled(page);
      expect(await page.title()).toContain(title);
      const faults = [
        ...(await page.getByRole('alert').allTextContents()),
        ...(await findBarriers(page, { thorough: true })),
        ...(await findUnseenFocus(page)),
        ...(await findOverflow(page)),
      ];
      if (faults.length > 0) found[address] = faults;
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
  },
  120_000,
);

test('markup in words of others is text on every page that shows them', async () => {
  const { page, complaints } = await openAs('owner', '/health');
  const missed: Record<string, unknown> = {};
  for (const [address, ...words] of world.hostile.pages) {
    // As a link of the console would: without loading it anew.
    await page.evaluate(`history.pushState(null, '', '/console${address}')`);
    const content = page.locator('#content');
    const findMissing = async () => {
      const all = (await content.textContent()) ?? '';
      return words.filter((each) => !all.includes(`${each}<img src=`));
    };
    await settled(page);
    // Of the page before some of them may stand there still.
    await expect.poll(findMissing, { ...patience, message: address }).toEqual([]);
    await settled(page);
    await expect.poll(findMissing, { ...patience, message: address }).toEqual([]);
    const failures = await page.getByRole('alert').allTextContents();
    const elements = await page.locator('[data-hostile]').count();
    if (failures.length + elements > 0) missed[address] = { failures, elements };
  }
  expect(missed).toEqual({});
  expect(await page.evaluate('globalThis.ran')).toBeUndefined();
  expect(complaints).toEqual([]);
}, 120_000);

test('markup in words of others is escaped on the pages that the server makes', async () => {
  const { page } = await openAs('owner', '/health');
  const { slug } = world.hostile;
  for (const [address, words] of [
    [`/t/${slug}/sign-in`, 'connection name'],
    [`/reports/institutions/${slug}`, 'tenant name'],
  ] as const) {
    await page.goto(`${origin}${address}`);
    expect([address, await page.locator('[data-hostile]').count()]).toEqual([address, 0]);
    expect(await page.locator('body').textContent()).toContain(markup(words));
    expect(await page.evaluate('globalThis.ran')).toBeUndefined();
  }
});

test('the table of words of others is written where it says', () => {
  const { written } = world.hostile;
  expect(written.length).toBeGreaterThan(35);
});
