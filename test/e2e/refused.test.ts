import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimDeployment, listDeploymentClaims } from '../../src/connections/claims.ts';
import { ltiClaim } from '../../src/demo/lms/claims.ts';
import { knownBadLaunches } from '../../src/demo/lms/tampering.ts';
import { authenticationRequest, readPosted, sendAuthorize } from '../support/authorize.ts';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { by, startHubWorld } from '../support/hub.ts';
import { answerLogin, postLaunch } from '../support/launch.ts';
import { coursePage, greeting, lmsFrame, newestLaunch } from './course.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

let browser: TestBrowser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.context().close());

test('a refused launch says in the frame what to do, with the reference of its trace', async () => {
  world.lms.tamperNext(knownBadLaunches['signed by another key']!);
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await lmsFrame(page).getByRole('heading', { name: 'We could not trust this opening' }).waitFor();
  const { reason, reference } = await newestLaunch(testDatabase);
  expect(reason).toBe('signature_invalid');
  await lmsFrame(page).getByText(`Reference: ${reference}`).waitFor();
  await page.keyboard.press('Tab');
  await lmsFrame(page).getByText('For the person who looks after this connection').press('Enter');
  await lmsFrame(page).getByText('signature_invalid:').waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('an unknown deployment waits, and goes on by itself once the school has claimed it', async () => {
  world.lms.tamperNext({
    claims: (claims) => ({ ...claims, [ltiClaim('deployment_id')]: 'new-deployment' }),
  });
  await page.clock.install();
  await page.goto(coursePage(world, 'ns-cell-lab'));
  await lmsFrame(page).getByRole('heading', { name: 'Almost there' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.clock.fastForward('00:10');
  await lmsFrame(page).getByText('Still waiting.').waitFor();

  await testDatabase.database.withTenant(world.tenants.northside.tenantId, async (tx) => {
    const { through, deploymentId } = (await listDeploymentClaims(tx))[0]!;
    await claimDeployment(tx, { connectionId: through, deploymentId }, by());
  });
  await page.clock.fastForward('00:10');
  await greeting(lmsFrame(page)).waitFor();
});

test('a school that reads Arabic is told so from right to left, on a phone without scrolling sideways', async () => {
  await testDatabase.superuser.query(`update tenant set locale = 'ar' where slug = 'riverbend'`);
  world.lms.tamperNext(knownBadLaunches['no roles']!);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${world.lms.baseUrl}/schools/riverbend/items/rb-probability-quiz`);
  const html = lmsFrame(page).locator('html[dir=rtl][lang=ar]');
  await html.getByText('الرقم المرجعي:').waitFor();
  expect(await html.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
});

test('a tool’s login address opens nothing in another person’s browser, and ends the launch', async () => {
  const answered = await answerLogin(world);
  const launched = await postLaunch(world, answered);
  await page.goto(launched.location!);
  await page.waitForURL(`${world.tool.redirectUris[0]}`);
  expect(await page.locator('[data-fact]').count()).toBe(0);
  expect(await newestLaunch(testDatabase)).toMatchObject({
    state: 'refused',
    reason: 'browser_unproven_at_authorize',
  });
  const right = authenticationRequest(world, {
    initiation: Object.fromEntries(new URL(launched.location!).searchParams),
  });
  const late = readPosted(await sendAuthorize(world, right, { cookies: answered.cookies }));
  expect(late.fields.error).toBe('login_required');
});
