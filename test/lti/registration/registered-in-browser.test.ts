import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registeredPage } from '../../../src/lti/registration/registered-page.ts';
import { launchBrowser, type TestBrowser } from '../../support/browser.ts';
import { environments } from '../pages/samples.ts';
import { openSites, type Sites, sendPage } from '../pages/sites.ts';

vi.setConfig({ testTimeout: 20_000 });

let browser: TestBrowser;
let sites: Sites;
beforeAll(async () => {
  browser = await launchBrowser();
  sites = await openSites();
  sites.on('hub', '/registered', (_request, response) => {
    const options = { family: 'moodle', clientId: 'Xy12', missingScopes: [] } as const;
    sendPage(response, registeredPage(environments('en'), options), ['http://*.localhost:*']);
  });
  const listen = `window.told = []; addEventListener('message', (event) =>
    told.push({ data: event.data, origin: event.origin }));`;
  const address = JSON.stringify(`${sites.origin('hub')}/registered`);
  sites.on('lms', '/frame', (_request, response) => {
    response.type('html').send(`<script>${listen}</script><iframe src=${address}></iframe>`);
  });
  sites.on('lms', '/window', (_request, response) => {
    response
      .type('html')
      .send(`<script>${listen}</script><button onclick='window.open(${address})'>Open</button>`);
  });
}, 60_000);
afterAll(async () => {
  await sites.close();
  await browser.close();
});

const told = () => [{ data: { subject: 'org.imsglobal.lti.close' }, origin: sites.origin('hub') }];

test('in a frame of the LMS, “Done” lets the LMS take over, and nothing does so before', async () => {
  const page = await browser.newPage();
  await page.goto(`${sites.origin('lms')}/frame`);
  const frame = page.frameLocator('iframe');
  await frame.getByText('Moodle is connected').first().waitFor();
  expect(await page.evaluate('told')).toEqual([]);
  await frame.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => page.evaluate('told')).toEqual(told());
  await page.context().close();
});

test('in a window of its own, it tells the page that has opened it', async () => {
  const page = await browser.newPage();
  await page.goto(`${sites.origin('lms')}/window`);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Open' }).click();
  await (await opened).getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => page.evaluate('told')).toEqual(told());
  await page.context().close();
});
