import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { listIdentities } from '../../../src/sso/identities/identities.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { addOperator, password } from '../../api/support/console-visitor.ts';
import { createHands, expectFocus } from './journeys/hands.ts';
import { named, openSetupConsole, patience } from './setup-console.ts';

const { world, openPage } = await openSetupConsole();
const { hub, hubUrl, lms, idp, sis } = world;
const slug = 'new-school';

/** Somebody who has a keyboard and nothing else. */
async function person() {
  const page = await openPage();
  // A mouse that is used all the same would be no journey by keyboard.
  await page.addInitScript(
    `addEventListener('mousedown', () => { throw new Error('A mouse was used') }, true)`,
  );
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  const hands = createHands(page, 'keyboard');
  const within = (area: Page | Locator) => ({
    press: (name: string, role: 'button' | 'link' = 'button') =>
      hands.press(area.getByRole(role, { name, exact: true })),
    fill: (label: string, value: string) => hands.fill(area.getByLabel(named(label)), value),
    tick: (name: string) => hands.tick(area.getByRole('checkbox', { name, exact: true })),
    choose: (label: string, option: string) =>
      hands.choose(area.getByRole('combobox', { name: label }), option),
  });
  /** Goes to a page of the menu, and is told where they are. */
  const goTo = async (name: string) => {
    await hands.press(
      page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }),
    );
    await expectFocus(page);
  };
  return { page, complaints, ...within(page), within, goTo };
}

test('an institution is onboarded end to end by keyboard alone', async () => {
  const staff = await addOperator(hub.operators, ['onboarding_admin']);
  const operator = await person();
  const { page } = operator;
  await page.goto(`${hubUrl}/console/institutions`);
  await operator.fill('E-mail address', staff.email);
  await operator.fill('Password', password);
  await operator.press('Sign in');
  await operator.press('New institution');
  const dialog = operator.within(page.getByRole('dialog', { name: 'New institution' }));
  await dialog.fill('Name', 'New School');
  await dialog.fill('Short name', slug);
  await dialog.press('New institution');
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'LMS', exact: true })
    .waitFor(patience);
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  await world.switchToolOn(tenantId);

  // The LMS from the institution's own page, with a launch that is followed as it arrives.
  await operator.goTo('LMS');
  await operator.press('Connect an LMS', 'link');
  await operator.choose('Which LMS do you have?', 'Another LMS');
  await operator.fill('Platform ID (issuer)', lms.issuer);
  await operator.fill('Authentication request address', lms.authorizeUrl);
  await operator.fill('Access token address', lms.tokenUrl);
  await operator.fill('Public key set address', lms.jwksUrl);
  await operator.fill('Client ID', lms.clientId);
  await operator.fill('Deployment ID', lms.deploymentId);
  world.enterAtLms(slug);
  await operator.press('Connect the LMS');
  await page.getByText('Waiting for a launch from your LMS').waitFor(patience);
  await expectFocus(page);
  expect(await world.launch()).toBe(200);
  await page.getByText('Waiting for a launch from your LMS').waitFor({ ...patience, state: 'hidden' });

  // The identity provider, with a test sign-in.
  await operator.goTo('Sign-in connections');
  await operator.press('Connect the sign-in', 'link');
  await operator.choose('Where do your people sign in?', 'OpenID Connect: another one');
  await operator.fill('Issuer', idp.issuer);
  await operator.fill('Client ID', idp.clientId);
  await operator.fill('Client secret', idp.clientSecret);
  await operator.tick('Also let in people whom the roster does not know, without a role');
  await operator.press('Connect the sign-in');
  await page.getByRole('heading', { name: 'What to enter on your side' }).waitFor(patience);
  const [identity] = await hub.db.withTenant(tenantId, listIdentities);
  await world.enterAtIdp(slug, identity!.connectionId);
  await operator.press('Prepare a test sign-in');
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    operator.press('Open the test sign-in', 'link'),
  ]);
  const inTab = createHands(tab, 'keyboard');
  await inTab.press(tab.getByRole('button', { name: 'Begin the test' }));
  await inTab.fill(tab.getByLabel('User name'), idp.username);
  await inTab.fill(tab.getByLabel('Password'), idp.password);
  await inTab.press(tab.getByRole('button', { name: 'Sign in' }));
  await tab.getByRole('heading', { name: 'Test sign-in: accepted' }).waitFor(patience);
  await tab.close();

  // The roster, up to a run whose plan can be looked at.
  await operator.goTo('Rosters');
  await operator.press('Connect the source', 'link');
  await operator.choose('Where does the roster come from?', 'OneRoster (REST)');
  await operator.fill('Address', sis.url);
  await operator.fill('Client id or consumer key', world.sisConsumer.clientId);
  await operator.fill('Client secret, or the access token', world.sisConsumer.clientSecret);
  await operator.fill('Token address (oauth2)', sis.tokenUrl);
  await operator.press('Connect the source');
  await operator.press('Run now');
  await operator.within(page.getByRole('dialog', { name: 'Run now' })).press('Run now');
  await page.getByRole('heading', { level: 1, name: /^Run \d/ }).waitFor(patience);
  await expectFocus(page);

  // What is shared is for the institution to agree to: its admin comes by a link.
  await operator.goTo('Set-up');
  await operator.press('New set-up link');
  const links = operator.within(page.getByRole('dialog', { name: 'New set-up link' }));
  await links.fill('Name of the administrator', 'Lin');
  await links.fill('E-mail address', 'lin@school.example');
  await links.press('New set-up link');
  const once = page.getByRole('status').filter({ hasText: 'shown this once' });
  const link = (await once.locator('code').textContent(patience)) ?? '';

  const admin = await person();
  await admin.page.goto(link);
  await admin.press('Sign in');
  const steps = admin.page.getByRole('navigation', { name: 'Steps' });
  await createHands(admin.page, 'keyboard').press(steps.getByRole('link', { name: 'What is shared' }));
  await admin.page.getByRole('heading', { name: 'Sample tool' }).waitFor(patience);
  await admin.tick('I may decide this for the institution, and I agree to what is shown above.');
  await admin.press('Agree and finish');
  await admin.page.getByText('Agreed; somebody else has to confirm it').waitFor(patience);

  // Whoever made the link is not asked to confirm; a colleague is.
  const colleague = await person();
  const { email } = await addOperator(hub.operators, ['onboarding_admin']);
  await colleague.page.goto(`${hubUrl}/console/institutions/${slug}/setup?step=sharing`);
  await colleague.fill('E-mail address', email);
  await colleague.fill('Password', password);
  await colleague.press('Sign in');
  await colleague.press('Confirm the agreement');
  await colleague
    .within(colleague.page.getByRole('dialog', { name: 'Confirm the agreement' }))
    .press('Confirm the agreement');
  await expect
    .poll(() => steps.getByRole('link', { name: 'What is shared' }).textContent(), patience)
    .toContain('Done');
  for (const step of ['Learning platform', 'Sign-in']) {
    expect(await steps.getByRole('link', { name: step }).textContent()).toContain('Done');
  }
  expect([...operator.complaints, ...admin.complaints, ...colleague.complaints]).toEqual([]);
}, 240_000);
