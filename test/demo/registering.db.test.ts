import { afterAll, expect, test, vi } from 'vitest';
import { listDeployments } from '../../src/connections/deployments.ts';
import { listRegistrations } from '../../src/connections/registrations.ts';
import { inviteLms } from '../../src/lti/registration/invitations.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSetupWorld } from '../support/setup-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const testDatabase = await createTestDatabase();
const world = await startSetupWorld(testDatabase);
const { hub, hubUrl } = world;
const browser = await launchBrowser();
afterAll(() => browser.close());

const lmsUrl = world.lms.issuer;

test('a school connects its LMS by one link, and what its course asks for opens', async () => {
  const by = { actor: 'test', now: hub.clock.now() };
  const { tenantId } = await createTenant(hub.db, { slug: 'new-school', name: 'New School' }, by);
  await world.switchToolOn(tenantId);
  const invite = () => hub.db.withTenant(tenantId, (tx) => inviteLms(tx, { family: 'generic' }, by));
  const { token } = await invite();

  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${lmsUrl}/schools/northside`);
  await page.getByLabel('You are').selectOption('ns-okafor');
  await page.getByRole('button', { name: 'Switch' }).click();
  await page.getByRole('link', { name: 'Add one by its registration link' }).click();
  expect(await findBarriers(page)).toEqual([]);
  await page
    .getByRole('textbox', { name: 'Registration link' })
    .fill(`${hubUrl}/t/new-school/lti/register/${token}`);
  await page.getByRole('button', { name: 'Add tool' }).click();
  const frame = page.frameLocator('iframe[name=registering]');
  const done = frame.getByRole('button', { name: 'Done' });
  await done.waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await done.click();
  await page.getByRole('rowheader', { name: 'Gatehouse' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);

  const [registration, ...others] = await hub.db.withTenant(tenantId, listRegistrations);
  expect(others).toEqual([]);
  expect(registration).toMatchObject({
    ...{ issuer: lmsUrl, authorizeUrl: `${lmsUrl}/auth` },
    ...{ tokenUrl: `${lmsUrl}/token`, jwksUrl: `${lmsUrl}/jwks.json`, status: 'active' },
  });
  const deployments = await hub.db.withTenant(tenantId, (tx) =>
    listDeployments(tx, registration!.connectionId),
  );
  expect(deployments).toMatchObject([{ deploymentId: `${registration!.clientId}:northside` }]);

  // The links of the course, and a new one.
  expect(await world.launch()).toBe(200);
  await page.getByRole('button', { name: 'Add a link' }).click();
  const tool = page.frameLocator('iframe[name=tool]');
  await tool.getByText('Grace', { exact: false }).first().waitFor();
  await page.context().close();
});
