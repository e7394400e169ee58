import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { invite, makeSetupLink } from '../../../src/operators/links/links.ts';
import { openWay } from '../../../src/operators/school/ways.ts';
import { connectIdentity, listIdentities } from '../../../src/sso/identities/identities.ts';
import { createTenant, getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { addOperator, password } from '../../api/support/console-visitor.ts';
import { addWaitingDeployments } from '../../api/support/deployment-rows.ts';
import { findBarriers } from '../../support/barriers.ts';
import { named, openSetupConsole, patience } from './setup-console.ts';

const { world, testDatabase, openPage } = await openSetupConsole();
const { hub, hubUrl, lms, idp, sis } = world;
const slug = 'new-school';

/** Everything that a person clicks or types is counted, so that the guide's numbers are those of the pages. */
function person(page: Page) {
  let clicks = 0;
  const entered: string[] = [];
  return {
    click: async (name: string, role: 'button' | 'link' | 'checkbox' | 'option' = 'button') => {
      clicks++;
      await page.getByRole(role, { name, exact: true }).click(patience);
    },
    fill: async (label: string, value: string) => {
      entered.push(value);
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
    counts: () => ({ clicks, entries: entered.length }),
    enteredTwice: () => entered.filter((value, index) => entered.indexOf(value) < index),
  };
}

const stepOf = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name });
const isDone = (page: Page, name: string) =>
  expect.poll(() => stepOf(page, name).textContent(), { timeout: 60_000, interval: 300 }).toContain('Done');

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
  // Proposed from the name.
  await expect.poll(() => dialog.getByLabel('Short name').inputValue(), patience).toBe(slug);
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
  await admin.fill(
    'Paste all that your LMS shows',
    `Platform ID: ${lms.issuer}\nClient ID: ${lms.clientId}\nDeployment ID: ${lms.deploymentId}`,
  );
  // What the LMS has not shown, the hub asks it for. Something else pasted takes it all away.
  const whole = page.getByLabel(named('Access token address'));
  await expect.poll(() => whole.inputValue(), patience).toBe(lms.tokenUrl);
  const paste = page.getByLabel('Paste all that your LMS shows');
  const pasted = await paste.inputValue();
  await paste.fill('Client ID: of-another');
  await expect.poll(() => whole.inputValue(), patience).toBe('');
  await paste.fill(pasted);
  for (const [label, value] of [
    ['Platform ID (issuer)', lms.issuer],
    ['Client ID', lms.clientId],
    ['Deployment ID', lms.deploymentId],
    ['Authentication request address', lms.authorizeUrl],
    ['Access token address', lms.tokenUrl],
    ['Public key set address', lms.jwksUrl],
  ] as const) {
    await expect.poll(() => page.getByLabel(named(label)).inputValue(), patience).toBe(value);
  }
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
  await page.getByText('Agreed; somebody else has to confirm it').waitFor(patience);
  expect(await findBarriers(page)).toEqual([]);
  // Whoever made the link is not asked; a colleague is.
  const colleague = await addOperator(hub.operators, ['onboarding_admin']);
  const other = await openPage();
  await other.goto(`${hubUrl}/console/institutions/${slug}/setup?step=sharing`);
  const second = person(other);
  await second.fill('E-mail address', colleague.email);
  await second.fill('Password', password);
  await second.click('Sign in');
  await second.click('Confirm the agreement');
  await other.getByRole('dialog').getByRole('button', { name: 'Confirm the agreement' }).click(patience);
  await page.getByText('Set-up is complete').waitFor(patience);
  expect(complaints).toEqual([]);
  // The hub's staff see the same, without loading the page again.
  await operatorPage.getByText('Set-up is complete').waitFor(patience);
  expect(admin.counts()).toEqual({ clicks: 19, entries: 8 });
  expect(admin.enteredTwice()).toEqual([]);
}, 240_000);

test('an administrator accepts an invitation by the institution’s own sign-in, comes in by it, and adds an authenticator', async () => {
  const by = { actor: 'test', now: hub.clock.now() };
  const { tenantId } = await createTenant(hub.db, { slug: 'own-school', name: 'Own School' }, by);
  const settings = { issuer: idp.issuer, clientId: idp.clientId, clientSecret: idp.clientSecret };
  const input = { protocol: 'oidc', name: 'School account', settings } as const;
  const { connectionId } = await connectIdentity(hub.sso, tenantId, input, by);
  await world.enterAtIdp('own-school', connectionId);
  await openWay(hub.operators, tenantId, connectionId, by);
  const guest = { name: 'Lin', email: 'lin@school.example', roles: ['institution_admin'], days: 1 } as const;
  const { address } = await invite(hub.operators, tenantId, guest, by);

  const page = await openPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  const admin = person(page);
  await page.goto(address);
  await page.getByRole('button', { name: 'Sign in with School account' }).waitFor(patience);
  expect(await findBarriers(page)).toEqual([]);
  await admin.click('Sign in with School account');
  await page.getByLabel('User name').fill(idp.username, patience);
  await page.getByLabel('Password').fill(idp.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${hubUrl}/console/**`, patience);
  await page.goto(`${hubUrl}/console/account`);
  await page.getByText('Your account is linked with your institution’s own sign-in.').waitFor(patience);
  await admin.click('Set up an authenticator');
  await page.getByRole('img', { name: 'QR code of the authenticator’s key' }).waitFor(patience);
  expect(await findBarriers(page)).toEqual([]);

  // In another browser, from the page that was wanted.
  const other = await openPage();
  const again = person(other);
  await other.goto(`${hubUrl}/console/account`);
  await again.click('I am an administrator of an institution');
  await again.fill('Institution', 'own-school');
  await again.click('Use the institution’s own sign-in');
  await other.getByRole('link', { name: 'Sign in with School account' }).waitFor(patience);
  expect(await findBarriers(other)).toEqual([]);
  await again.click('Sign in with School account', 'link');
  await other.getByLabel('User name').fill(idp.username, patience);
  await other.getByLabel('Password').fill(idp.password);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('heading', { name: 'Own account' }).waitFor(patience);
  expect(complaints).toEqual([]);
}, 120_000);

test('an LMS that takes a registration link is connected by pasting that, and nothing else', async () => {
  const by = { actor: 'test', now: hub.clock.now() };
  const { tenantId } = await createTenant(hub.db, { slug: 'by-link', name: 'By Link' }, by);
  await world.switchToolOn(tenantId);
  const wish = { name: 'Lin', email: 'lin@link.example', steps: ['lms'] as const, days: 1 };
  const { address } = await makeSetupLink(hub.operators, tenantId, wish, by);
  const page = await openPage();
  await page.goto(address);
  const admin = person(page);
  await page.getByRole('button', { name: 'Sign in' }).click(patience);
  await admin.choose('Which LMS do you have?', 'Another LMS');
  await admin.fill('Its web address', lms.issuer);
  await admin.click('Make the link');
  await page.getByText('Waiting for your LMS to use the link').waitFor(patience);
  const link = (await page.locator('code', { hasText: '/lti/register/' }).textContent(patience)) ?? '';

  const there = await openPage();
  const teacher = person(there);
  await there.goto(`${lms.issuer}/schools/northside`);
  await there.getByLabel('You are').selectOption('ns-okafor');
  await teacher.click('Switch');
  await there.goto(`${lms.issuer}/schools/northside/tools`);
  await teacher.fill('Registration link', link);
  await teacher.click('Add tool');
  await there.frameLocator('iframe[name=registering]').getByRole('button', { name: 'Done' }).click(patience);
  // The page goes on by itself.
  await page.getByText('Waiting for a launch from your LMS').waitFor(patience);
  expect(admin.counts()).toEqual({ clicks: 3, entries: 1 });
}, 120_000);

test('a deployment whose id was not entered is claimed where its launch is waited for', async () => {
  const by = { actor: 'test', now: hub.clock.now() };
  const { tenantId } = await createTenant(hub.db, { slug: 'claims', name: 'Claims' }, by);
  await addWaitingDeployments(testDatabase, tenantId, hub.clock.now());
  const wish = { name: 'Lin', email: 'lin@claims.example', steps: ['lms'] as const, days: 1 };
  const { address } = await makeSetupLink(hub.operators, tenantId, wish, by);
  const page = await openPage();
  await page.goto(address);
  await page.getByRole('button', { name: 'Sign in' }).click(patience);
  const note = page.getByRole('status').filter({ hasText: 'It came from deployment 7:wanted' });
  await note.getByRole('button', { name: 'Yes, it is ours' }).click(patience);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Yes, it is ours' }).click(patience);
  await note.waitFor({ ...patience, state: 'detached' });
  await page.getByText('It came from deployment 7:strange').waitFor(patience);
  const params = {
    text: 'select deployment_id from lti_deployment where tenant_id = $1',
    values: [tenantId],
  };
  expect((await testDatabase.superuser.query(params)).rows).toEqual([{ deployment_id: '7:wanted' }]);
}, 120_000);
