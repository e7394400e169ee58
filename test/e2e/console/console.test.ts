import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { hostileName, startConsoleWorld } from './console-world.ts';
import { createVisits, patience, settled, shown } from './visits.ts';

const world = await startConsoleWorld(await createTestDatabase());
const { origin, direct, ids } = world;
const browser = await launchBrowser();
afterAll(() => browser.close());
const { visit, openAs } = createVisits(browser, world);

const run = `/institutions/north/rosters/${ids.connectionId}/runs`;

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

test('every number opens its rows, also where no partner is behind them', async () => {
  const { page, complaints } = await openAs('owner', '/health');
  const line = page.getByRole('row', { name: /No partner/ });
  await line.getByRole('link').first().click(patience);
  await shown(page, 'Exchanges');
  await expect.poll(() => page.getByRole('row', { name: /Grade service call/ }).count(), patience).toBe(50);
  const chip = page.getByRole('button', { name: 'No partner ✕' });
  await chip.click();
  await expect.poll(() => chip.count(), patience).toBe(0);
  expect(complaints).toEqual([]);
});

test('work is imported as a list, and what was missing before a term is not, once it is noted', async () => {
  const { page, complaints } = await openAs('owner', '/burden');
  await shown(page, 'Maintenance');
  await page.getByRole('button', { name: 'Import a list' }).click();
  const list = 'id,integration,partner,minutes,done\na,new,moodle,60,2026-01-01\nb,existing,,5,2026-01-02\n';
  const file = { name: 'work.csv', mimeType: 'text/csv', buffer: Buffer.from(list) };
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('dialog').getByRole('button', { name: 'Import a list' }).click();
  await page.getByText('2 pieces of work were taken').waitFor();
  await page.goto(`${origin}/console/institutions/north/health/readiness`);
  const contacts = page.getByRole('region', { name: 'Still to do' }).getByRole('row', { name: /Contacts/ });
  await contacts.getByRole('button', { name: 'Contacts are right' }).click();
  const dialog = page.getByRole('dialog', { name: 'Contacts are right' });
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Contacts are right' }).click();
  await expect.poll(() => contacts.count(), patience).toBe(0);
  expect(complaints).toEqual([]);
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
  const assets = [...loaded].filter((each) => each.startsWith('/console/assets/') && !/-chart/.test(each));
  const sizes = await Promise.all(
    assets.map(async (each) => gzipSync(await readFile(path.join(world.built, each.slice(9)))).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThan(300_000);
});
