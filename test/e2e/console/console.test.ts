import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { hostileName, startConsoleWorld } from './console-world.ts';
import { markup } from './hostile-rows.ts';
import { findOverflow, findUnseenFocus } from './look.ts';
import { listPages } from './pages.ts';
import { watchPage } from './watched-page.ts';

const world = await startConsoleWorld(await createTestDatabase());
const { origin, direct, ids } = world;
const browser = await launchBrowser();
afterAll(() => browser.close());

/** Opens an address of the console, and collects whatever the browser complains of. */
async function visit(address: string, viewport = { width: 1280, height: 900 }) {
  const watched = await watchPage(browser, origin, { viewport });
  await watched.page.goto(`${origin}/console${address}`);
  return watched;
}

async function openAs(role: 'owner' | 'viewer' | 'institution_admin', address: string) {
  const visited = await visit(address);
  await world.signIn(visited.page, role);
  return visited;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const patience = { timeout: 15_000 };
const shown = (page: Page, name: string) =>
  expect.poll(() => heading(page, name).count(), { ...patience, message: name }).toBe(1);
const settled = (page: Page) =>
  expect.poll(() => page.getByRole('status', { name: 'Loading…' }).count(), patience).toBe(0);

const run = `/institutions/north/rosters/${ids.connectionId}/runs`;
test('every page is free of barriers in every colour and direction, reflows, shows the focus, and stays at home', async () => {
  const { page, complaints, outside } = await openAs('owner', '/health');
  const found: Record<string, string[]> = {};
  for (const [address, title] of listPages(ids)) {
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
}, 120_000);

test('markup in words of others is text on every page that shows them', async () => {
  const { page, complaints } = await openAs('owner', '/health');
  for (const [address, words] of world.hostilePages) {
    await page.goto(`${origin}/console${address}`);
    await page.getByText(markup(words)).first().waitFor();
    await settled(page);
    expect(await page.locator('[data-hostile]').count(), address).toBe(0);
  }
  expect(await page.evaluate('globalThis.ran')).toBeUndefined();
  expect(complaints).toEqual([]);
}, 60_000);

test('the sign-in page has no barrier, and refuses in words beside the form', async () => {
  const { page } = await visit('/institutions');
  await expect.poll(() => page.getByRole('button', { name: 'Sign in', exact: true }).count()).toBe(1);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByLabel('E-mail address').fill('nobody@company.example');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('sign_in_refused');
});

test('an invitation makes an account once, and its token stays in no address', async () => {
  const { page } = await visit(world.invitation.slice('/console'.length));
  await page.getByLabel('New password').fill('a sentence that is long enough');
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('grace@company.example');
  expect(page.url()).toBe(`${origin}/console/invitation`);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await shown(page, 'Health');
  expect(await page.getByRole('button', { name: 'Grace' }).count()).toBe(1);
  const again = await visit(world.invitation.slice('/console'.length));
  await expect.poll(() => again.page.getByRole('alert').textContent()).toContain('link_refused');
});

test('who signs in stays on the page they wanted, and names are text', async () => {
  const { page } = await openAs('owner', '/institutions?search=school');
  await shown(page, 'Institutions');
  await expect.poll(() => page.getByRole('link', { name: hostileName }).count()).toBe(1);
  expect(await page.evaluate('globalThis.ran')).toBeUndefined();
  expect(page.url()).toContain('search=school');
});

test('by keyboard alone: past the menu, to a held run, and it is approved with a reason', async () => {
  const { page } = await openAs('owner', `${run}/${ids.heldId}`);
  await shown(page, 'Run 2');
  await page.reload();
  await shown(page, 'Run 2');
  await settled(page);
  const focusOn = async (name: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>('document.activeElement.textContent')) === name) return;
    }
    throw new Error(`The keyboard does not reach "${name}"`);
  };
  await focusOn('Approve');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve' });
  await expect.poll(() => dialog.textContent()).toContain('40 removed');
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByLabel('Reason').focus();
  await page.keyboard.type('A school has closed');
  await focusOn('Approve');
  await page.keyboard.press('Enter');
  await expect.poll(() => dialog.count()).toBe(0);
  await expect.poll(() => page.getByRole('status').allTextContents()).toContain('Approved');
});

test('a viewer is offered nothing that changes something; an institution admin reaches their own alone', async () => {
  const viewer = await openAs('viewer', `/institutions/north/rosters/${ids.connectionId}`);
  await shown(viewer.page, 'Northside SIS');
  expect(await viewer.page.getByRole('button', { name: 'Run now' }).count()).toBe(0);
  const admin = await openAs('institution_admin', '/');
  await shown(admin.page, 'Overview');
  expect(await admin.page.getByRole('link', { name: 'Institutions', exact: true }).count()).toBe(0);
});

test('the language can be changed, and stays', async () => {
  const { page } = await openAs('owner', '/health');
  await page.getByRole('button', { name: 'Ada' }).click();
  await page.getByRole('menuitemradio', { name: 'Español' }).click();
  await page.goto(`${origin}/console/institutions`);
  await shown(page, 'Instituciones');
  expect(await page.evaluate('document.documentElement.lang')).toBe('es');
});

test('the page is never kept, its assets for good; nothing may frame it, and styles need its own nonce', async () => {
  const [first, second] = [await fetch(`${direct}/console/health`), await fetch(`${direct}/console`)];
  const nonceOf = (response: Response) =>
    /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1];
  expect(first.headers.get('cache-control')).toBe('no-store');
  expect(first.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(first.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
  expect(nonceOf(first)).not.toBe(nonceOf(second));
  expect(await first.text()).toContain(`content="${nonceOf(first)}"`);
  const [script = ''] = await readdir(path.join(world.built, 'assets'));
  const asset = await fetch(`${direct}/console/assets/${script}`);
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${direct}/console/assets/gone.js`)).status).toBe(404);
});

test('the first page, with all it needs but its chart, is at most 300 kB compressed', async () => {
  const { page } = await openAs('owner', '/');
  const loaded = new Set<string>();
  page.on('request', (request) => loaded.add(new URL(request.url()).pathname));
  await page.reload();
  await shown(page, 'Health');
  await settled(page);
  const assets = [...loaded].filter(
    (each) => each.startsWith('/console/assets/') && !/rate-chart/.test(each),
  );
  const sizes = await Promise.all(
    assets.map(async (each) => gzipSync(await readFile(path.join(world.built, each.slice(9)))).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThan(300_000);
});
