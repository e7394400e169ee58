import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startDirectory } from '../ldap/directory-server.ts';
import { directory, person } from '../ldap/world.ts';
import { signInAt, startSignInWorld } from '../support/world.ts';

vi.setConfig({ testTimeout: 90_000 });

const world = await startSignInWorld(await createTestDatabase());
const { origin } = world.first.visitor();
let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

/** A school with two ways, one of them a directory that is dead. */
async function openSchool() {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  const way = await world.connect(tenant, [server], {
    name: 'Schulverzeichnis',
    domains: ['school.example'],
  });
  const dead = await world.connect(tenant, [1], {
    name: 'Verwaltungsverzeichnis der Bezirksregierungshauptstadt',
  });
  return { ...tenant, way: `${origin}${signInAt(tenant, way)}`, dead: `${origin}${signInAt(tenant, dead)}` };
}

type School = Awaited<ReturnType<typeof openSchool>>;

async function open(options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage(options);
  onTestFinished(() => page.context().close());
  return page;
}

async function send(page: Page, address: string, password: string): Promise<void> {
  await page.goto(address);
  await page.locator('#username').fill('ada');
  await page.locator('#password').fill(password);
  await page.locator('form button').click();
  await page.waitForLoadState();
}

/** Every page of signing in, as people come to it. */
const pages: Record<string, (page: Page, school: School) => Promise<unknown>> = {
  choice: (page, { slug }) => page.goto(`${origin}/t/${slug}/sign-in`),
  'unknown address': async (page, { slug }) => {
    await page.goto(`${origin}/t/${slug}/sign-in`);
    await page.locator('#email').fill('ada@elsewhere.example');
    await page.locator('form button').click();
    await page.locator('#unknown').waitFor();
  },
  password: (page, { way }) => page.goto(way),
  mistake: async (page, { way }) => {
    await send(page, way, 'wrong');
    await page.locator('#refused').waitFor();
  },
  refusal: async (page, { dead }) => {
    await send(page, dead, 'x');
    await page.locator('.reference').waitFor();
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
  },
  'signed out': (page, { slug }) => page.goto(`${origin}/t/${slug}/signed-out`),
};

const directions = { en: 'ltr', ar: 'rtl' };

test.each(['en', 'ar'] as const)('axe finds nothing on any page, light or dark: %s', async (locale) => {
  const school = await openSchool();
  const page = await open({ locale, viewport: { width: 800, height: 600 } });
  for (const [name, visit] of Object.entries(pages)) {
    await visit(page, school);
    const direction = await page.locator('html').getAttribute('dir');
    expect([name, direction, await findBarriers(page)]).toEqual([name, directions[locale], []]);
  }
});

test('every page fits 320 px without scrolling sideways, with targets of at least 24 px', async () => {
  const school = await openSchool();
  const page = await open({ locale: 'de', viewport: { width: 320, height: 480 } });
  for (const [name, visit] of Object.entries(pages)) {
    await visit(page, school);
    const { overflow, targets } = await page.evaluate<{ overflow: number; targets: number[] }>(`({
      overflow: document.documentElement.scrollWidth - innerWidth,
      targets: [...document.querySelectorAll('button, summary, a, input:not([type=hidden])')]
        .map((target) => target.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    })`);
    expect([name, overflow]).toEqual([name, 0]);
    expect(targets.length, name).toBeGreaterThan(0);
    for (const side of targets) expect(side, name).toBeGreaterThanOrEqual(24);
  }
});

test('the keyboard alone leads from the choice into the portal, and focus is seen at every step', async () => {
  const { slug } = await openSchool();
  const page = await open();
  await page.goto(`${origin}/t/${slug}/sign-in?returnTo=/t/${slug}/portal/x`);
  const focused = async () => {
    const { name, outline } = await page.evaluate<{ name: string; outline: string }>(`({
      name: document.activeElement.id || document.activeElement.textContent,
      outline: getComputedStyle(document.activeElement).outlineStyle,
    })`);
    expect([name, outline]).toEqual([name, 'solid']);
    return name;
  };
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Sign in with Schulverzeichnis');
  await page.keyboard.press('Enter');
  await page.locator('#username').waitFor();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('username');
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('password');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain('The user name or the password is not right.');
  expect(await page.title()).toMatch(/^That did not work · /);
  expect(await page.locator('#username').inputValue()).toBe('ada');
  expect(await page.locator('#password').inputValue()).toBe('');
  await page.locator('#password').focus();
  await page.keyboard.type('ada-password');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Sign in');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${origin}/t/${slug}/portal/x`);
  const cookies = await page.context().cookies();
  expect(
    cookies.map(({ name, sameSite, secure, httpOnly }) => [name.slice(0, 11), sameSite, secure, httpOnly]),
  ).toEqual([['__Host-ghs-', 'Lax', true, true]]);
});

test('password managers know the fields, and what is pasted is taken', async () => {
  const { way, slug } = await openSchool();
  const page = await open();
  await page.goto(way);
  const attributes = await page
    .locator('input:not([type=hidden])')
    .evaluateAll((inputs) =>
      inputs.map((input) =>
        ['name', 'type', 'autocomplete', 'autocapitalize', 'spellcheck', 'readonly', 'onpaste'].map((name) =>
          input.getAttribute(name),
        ),
      ),
    );
  expect(attributes).toEqual([
    ['username', null, 'username', 'none', 'false', null, null],
    ['password', 'password', 'current-password', null, null, null, null],
  ]);
  for (const label of ['User name', 'Password']) expect(await page.getByLabel(label).count()).toBe(1);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').focus();
  await page.keyboard.insertText('ada-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${origin}/t/${slug}/portal`);
});

test('two tabs of one browser each keep their form', async () => {
  const { way, slug } = await openSchool();
  const first = await open();
  const second = await first.context().newPage();
  await first.goto(way);
  await second.goto(way);
  for (const page of [first, second]) {
    await page.locator('#username').fill('ada');
    await page.locator('#password').fill('ada-password');
    await page.locator('form button').click();
    await page.waitForURL(`${origin}/t/${slug}/portal`);
  }
});

test('it works without script', async () => {
  const { way, slug } = await openSchool();
  const page = await open({ javaScriptEnabled: false });
  await send(page, way, 'ada-password');
  await page.waitForURL(`${origin}/t/${slug}/portal`);
});
