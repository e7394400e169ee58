import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { buildConsole } from '../../../scripts/build-console.ts';
import { listIdentities } from '../../../src/sso/identities/identities.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { addOperator, password } from '../../api/support/console-visitor.ts';
import { findBarriers } from '../../support/barriers.ts';
import { launchBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startSetupWorld } from '../../support/setup-world.ts';

const built = await mkdtemp(path.join(tmpdir(), 'gatehouse-setup-console-'));
await buildConsole(built);
const world = await startSetupWorld(await createTestDatabase(), built);
const { hub, hubUrl, lms, idp, sis } = world;
const browser = await launchBrowser();
afterAll(async () => {
  await browser.close();
  await rm(built, { recursive: true, force: true });
});

const patience = { timeout: 30_000 };
const slug = 'new-school';

/** A label by its whole name; the asterisk of a field that is needed stands behind it. */
const named = (label: string) => new RegExp(`^${label.replace(/[()]/g, String.raw`\$&`)}(?: \\*)?$`);

/** Everything that a person clicks or types is counted, so that the guide's numbers are those of the pages. */
function person(page: Page) {
  let [clicks, entries] = [0, 0];
  return {
    click: async (name: string, role: 'button' | 'link' | 'checkbox' | 'option' = 'button') => {
      clicks++;
      await page.getByRole(role, { name, exact: true }).click(patience);
    },
    fill: async (label: string, value: string) => {
      entries++;
      await page.getByLabel(named(label)).fill(value, patience);
    },
    choose: async (label: string, option: string) => {
      clicks += 2;
      await page.getByRole('combobox', { name: label }).click(patience);
      await page.getByRole('option', { name: option, exact: true }).click(patience);
    },
    goTo: async (step: string) => {
      clicks++;
      await stepOf(page, step).click(patience);
    },
    counts: () => ({ clicks, entries }),
  };
}

const stepOf = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name });
const isDone = (page: Page, name: string) =>
  expect.poll(() => stepOf(page, name).textContent(), { timeout: 60_000, interval: 300 }).toContain('Done');
const openPage = () => browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });

test('from a new institution to a tried launch, sign-in and roster, and what is shared is agreed to', async () => {
  const staff = await addOperator(hub.operators, ['onboarding_admin']);
  const operatorPage = await openPage();
  await operatorPage.goto(`${hubUrl}/console/institutions`);
  const operator = person(operatorPage);
  await operator.fill('E-mail address', staff.email);
  await operator.fill('Password', password);
  await operator.click('Sign in');
  await operator.click('New institution');
  const dialog = operatorPage.getByRole('dialog', { name: 'New institution' });
  await dialog.getByLabel(named('Name')).fill('New School');
  await dialog.getByLabel('Short name').fill(slug);
  await dialog.getByRole('button', { name: 'New institution' }).click();
  await operator.click('New set-up link');
  const links = operatorPage.getByRole('dialog', { name: 'New set-up link' });
  await links.getByLabel('Name of the administrator').fill('Lin');
  await links.getByLabel('E-mail address').fill('lin@school.example');
  await links.getByRole('button', { name: 'New set-up link' }).click();
  const once = operatorPage.getByRole('status').filter({ hasText: 'shown this once' });
  const link = (await once.locator('code').textContent(patience)) ?? '';
  expect(await findBarriers(operatorPage)).toEqual([]);
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  await world.switchToolOn(tenantId);

  const page = await openPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(link);
  const admin = person(page);
  await admin.click('Sign in');

  // The LMS, entered by hand.
  await admin.choose('Which LMS do you have?', 'Another LMS');
  await admin.fill('Its web address', lms.issuer);
  await expect.poll(() => page.getByLabel('Platform ID (issuer)').inputValue(), patience).toBe(lms.issuer);
  await admin.fill('Authentication request address', lms.authorizeUrl);
  await admin.fill('Access token address', lms.tokenUrl);
  await admin.fill('Public key set address', lms.jwksUrl);
  await admin.fill('Client ID', lms.clientId);
  await admin.fill('Deployment ID', lms.deploymentId);
  expect(await findBarriers(page)).toEqual([]);
  world.enterAtLms(slug);
  await admin.click('Connect the LMS');
  await page.getByText('Waiting for a launch from your LMS').waitFor(patience);
  expect(await world.launch()).toBe(200);
  await isDone(page, 'Learning platform');

  // The identity provider.
  await admin.goTo('Sign-in');
  await admin.choose('Where do your people sign in?', 'OpenID Connect: another one');
  await admin.fill('Issuer', idp.issuer);
  await admin.fill('Client ID', idp.clientId);
  await admin.fill('Client secret', idp.clientSecret);
  await admin.click('Also let in people whom the roster does not know, without a role', 'checkbox');
  expect(await findBarriers(page)).toEqual([]);
  await admin.click('Connect the sign-in');
  await page.getByRole('heading', { name: 'What to enter on your side' }).waitFor(patience);
  const [identity] = await hub.db.withTenant(tenantId, listIdentities);
  await world.enterAtIdp(slug, identity!.connectionId);
  await admin.click('Prepare a test sign-in');
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    admin.click('Open the test sign-in', 'link'),
  ]);
  await tab.getByRole('button', { name: 'Begin the test' }).click(patience);
  await tab.getByLabel('User name').fill(idp.username, patience);
  await tab.getByLabel('Password').fill(idp.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Test sign-in: accepted' }).waitFor(patience);
  expect(await tab.textContent('main')).toContain('employee_number');
  await isDone(page, 'Sign-in');
  expect(await page.content()).not.toContain(idp.clientSecret);

  // The roster, up to its preview.
  await admin.goTo('Roster');
  await admin.choose('Where does the roster come from?', 'OneRoster (REST)');
  await admin.fill('Address', sis.url);
  await admin.fill('Client id or consumer key', world.sisConsumer.clientId);
  await admin.fill('Client secret, or the access token', world.sisConsumer.clientSecret);
  await admin.fill('Token address (oauth2)', sis.tokenUrl);
  expect(await findBarriers(page)).toEqual([]);
  await admin.click('Connect the source');
  await admin.click('Preview');
  await isDone(page, 'Roster');
  await page.getByRole('heading', { name: 'Findings' }).waitFor(patience);
  expect(await findBarriers(page)).toEqual([]);

  // What is shared.
  await admin.goTo('What is shared');
  await page.getByRole('heading', { name: 'Sample tool' }).waitFor(patience);
  await admin.click('I may decide this for the institution, and I agree to what is shown above.', 'checkbox');
  expect(await findBarriers(page)).toEqual([]);
  await admin.click('Agree and finish');
  await page.getByText('Set-up is complete').waitFor(patience);
  expect(complaints).toEqual([]);
  // The hub's staff see the same, without loading the page again.
  await operatorPage.getByText('Set-up is complete').waitFor(patience);
  expect(admin.counts()).toEqual({ clicks: 19, entries: 13 });
}, 240_000);
