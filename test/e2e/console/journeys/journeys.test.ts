import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, expect, test, vi } from 'vitest';
import { insertExchanges } from '../../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../../src/health/rollups/roll-up.ts';
import { getTenantBySlug } from '../../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../../support/database.ts';
import { newestLaunch, postInFrame } from '../../course.ts';
import { dayOfExchanges } from '../exchanges.ts';
import { startDemoWorld, type Visitor } from './demo-world.ts';
import { createHands, expectFocus, ways } from './hands.ts';
import { changeSecretAtSource, handIn, openGradebook, openLab } from './scenes.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const testDatabase = await createTestDatabase();
const world = await startDemoWorld(testDatabase);
const gradebook = openGradebook(world);
const { hub } = world;
const { tenantId } = await getTenantBySlug(hub.db.directory, 'northside');
await hub.db.withRollup((tx) => insertExchanges(tx, dayOfExchanges(tenantId, hub.clock.now())));
await rollUp({ database: hub.db, clock: hub.clock });
afterEach(() => gradebook.setMode('normal'));

const patience = { timeout: 15_000 };

/** The page has its heading, and the focus is where readers of the screen begin. */
async function arrived(page: Page, title: string): Promise<void> {
  const heading = page.getByRole('heading', { level: 1, name: title, exact: true });
  await heading.waitFor({ timeout: patience.timeout });
  await expectFocus(page);
}

function expectNoComplaint({ complaints, outside }: Visitor): void {
  expect(complaints).toEqual([]);
  expect(outside).toEqual([]);
}

test.each(ways)('a pupil opens a tool from the LMS, and an operator finds its trace: by %s', async (way) => {
  const pupil = await world.newPage();
  await openLab(world, pupil, createHands(pupil, way));
  const { reference, state } = await newestLaunch(testDatabase);
  expect(state).toBe('opened');

  const operator = await world.comeAs('integration_engineer', '/institutions', way);
  const { page, hands } = operator;
  await arrived(page, 'Institutions');
  await hands.press(page.getByRole('link', { name: 'Northside High', exact: true }));
  await arrived(page, 'Overview');
  await hands.press(page.getByRole('link', { name: 'Launches', exact: true }));
  await arrived(page, 'Launches');
  await hands.press(
    page
      .getByRole('row')
      .nth(1)
      .getByRole('link', { name: String(reference) }),
  );
  await arrived(page, `Launch ${reference}`);
  const checks = page.getByRole('region', { name: 'Checks' }).getByRole('row');
  await expect.poll(() => checks.count(), patience).toBeGreaterThan(10);
  expect(await checks.filter({ hasText: 'Failed' }).count()).toBe(0);
  expectNoComplaint(operator);
});

test.each(ways)(
  'an engineer finds a refused launch by the reference read out, and what mends it: by %s',
  async (way) => {
    const pupil = await world.newPage();
    const posted = pupil.waitForRequest(/\/lti\/launch$/);
    await openLab(world, pupil, createHands(pupil, 'pointer'));
    const fields = Object.fromEntries(new URLSearchParams((await posted).postData() ?? ''));
    await postInFrame(pupil, (await posted).url(), fields);
    const shown = pupil.frameLocator('iframe[name=tool]').getByText('Reference:');
    const reference = /Reference: ?(\S+)/.exec((await shown.textContent()) ?? '')![1]!;

    const engineer = await world.comeAs('integration_engineer', '/institutions/northside/launches', way);
    const { page, hands } = engineer;
    await arrived(page, 'Launches');
    await hands.fill(page.getByLabel('Reference'), reference);
    await expect.poll(() => page.getByRole('row').count(), patience).toBe(2);
    await hands.press(page.getByRole('link', { name: reference }));
    await arrived(page, `Launch ${reference}`);
    const failed = page
      .getByRole('region', { name: 'Checks' })
      .getByRole('row')
      .filter({ hasText: 'Failed' });
    await expect.poll(() => failed.count(), patience).toBe(1);
    expectNoComplaint(engineer);
  },
);

test.each(ways)('an engineer sees why a roster run failed: by %s', async (way) => {
  await changeSecretAtSource(world);
  const engineer = await world.comeAs('integration_engineer', '/institutions/northside/rosters', way);
  const { page, hands } = engineer;
  await arrived(page, 'Rosters');
  await hands.press(page.getByRole('link', { name: 'Simulated SIS' }));
  await arrived(page, 'Simulated SIS');
  await hands.press(page.getByRole('button', { name: 'Run now' }));
  const dialog = page.getByRole('dialog', { name: 'Run now' });
  await hands.press(dialog.getByRole('button', { name: 'Run now' }));
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent(), patience).toMatch(/^Run \d/);
  await expect.poll(() => page.getByRole('status').allTextContents(), patience).toContain('Failed');
  await expectFocus(page);
  expect(await page.locator('#content .note').textContent()).toMatch(/credentials|secret/i);
  expectNoComplaint(engineer);
});

test.each(ways)('an engineer sends a refused grade again once the LMS takes it: by %s', async (way) => {
  const score = way === 'pointer' ? '6' : '7';
  await gradebook.setMode('refusing');
  const pupil = await world.newPage();
  const pupilHands = createHands(pupil, way);
  await handIn(await openLab(world, pupil, pupilHands), pupilHands, score);

  const engineer = await world.comeAs(
    'integration_engineer',
    '/institutions/northside/grades?state=refused',
    way,
  );
  const { page, hands } = engineer;
  await arrived(page, 'Grades');
  const rows = page.getByRole('region', { name: 'Deliveries' }).getByRole('row');
  await expect
    .poll(() => rows.filter({ hasText: 'Refused' }).count(), { timeout: 20_000 })
    .toBeGreaterThan(0);
  await hands.press(rows.nth(1).getByRole('link'));
  await arrived(page, 'Grade delivery');
  await gradebook.setMode('normal');
  await hands.press(page.getByRole('button', { name: 'Send again' }));
  const dialog = page.getByRole('dialog', { name: 'Send again' });
  await hands.fill(dialog.getByLabel('Reason'), 'The course is published now');
  await hands.press(dialog.getByRole('button', { name: 'Send again' }));
  await expect.poll(gradebook.shownScore, patience).toBe(score);
  await expectFocus(page);
  expectNoComplaint(engineer);
});

test.each(ways)(
  'a manager goes from a number of the health page to the rows behind it: by %s',
  async (way) => {
    const manager = await world.comeAs('manager', '/health', way);
    const { page, hands } = manager;
    await arrived(page, 'Health');
    // A partner of which nothing new comes meanwhile, as it does of the demo's own.
    const line = page
      .getByRole('region', { name: 'By partner' })
      .getByRole('row')
      .filter({ hasText: 'canvas' });
    const counts = await line
      .getByTitle(/^\d+ of \d+/)
      .first()
      .getAttribute('title');
    const failed = Number.parseInt(counts ?? '', 10);
    expect(failed).toBeGreaterThan(0);
    await hands.press(line.getByRole('link').nth(1));
    await arrived(page, 'Exchanges');
    const rows = page.getByRole('region', { name: 'Exchanges' }).getByRole('row');
    await expect.poll(() => rows.count(), patience).toBe(failed + 1);
    expect(await rows.filter({ hasText: 'Failed: ' }).count()).toBe(failed);
    const saved = page.waitForEvent('download');
    await hands.press(page.getByRole('link', { name: 'All as CSV' }));
    const lines = (await readFile(await (await saved).path(), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(failed + 1);
    expectNoComplaint(manager);
  },
);
