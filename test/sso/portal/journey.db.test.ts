import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startPortalWorld } from './world.ts';

const presentations = ['redirect', 'framed', 'new_window'] as const;
vi.setConfig({ testTimeout: 60_000 });

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

test.each(presentations)(
  'somebody who is signed in opens a tool and comes back: %s',
  async (presentation) => {
    const { world, northside } = await startPortalWorld(await createTestDatabase(), { presentation });
    await northside.addClass('bio', 'Biology 9');
    const ada = await northside.addUser('ada', ['Ada', 'Byron'], 'student');
    await northside.enroll('ada', 'bio', 'student');
    const { cookie } = await northside.signIn(ada);
    const page = await browser.newPage();
    const [name = '', value = ''] = cookie.split('=');
    const { hostname: domain } = new URL(world.hubUrl);
    await page
      .context()
      .addCookies([{ name, value, domain, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
    const redirects: string[] = [];
    page.on('response', (response) => {
      if ([301, 302, 303, 307, 308].includes(response.status()))
        redirects.push(new URL(response.url()).pathname);
    });
    await page.goto(northside.portal);
    await page.getByRole('button', { name: 'Open Sample tool for Biology 9' }).click();
    const tool = presentation === 'framed' ? page.frameLocator('iframe') : page;
    await tool.getByText('Biology 9').first().waitFor({ timeout: 20_000 });
    await tool.getByText('Ada Byron').first().waitFor();
    // The way to the tool's login and its way to authorize are the protocol's; in a frame, the hub's page goes there.
    expect(redirects).toEqual(presentation === 'framed' ? [] : ['/t/northside/portal/launch', '/login']);

    await page.goto(northside.portal);
    await page.getByRole('heading', { name: 'Hello, Ada Byron' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You have signed out.' }).waitFor();
    await page.goBack();
    // What was on the screen is not kept for whoever comes next.
    await expect.poll(() => page.url()).toContain('/sign-in');
    expect(await page.getByText('Biology 9').count()).toBe(0);
    await page.context().close();
  },
);
