import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, expect, test } from 'vitest';
import { blockThirdPartyCookies, launchBrowser, type TestBrowser } from './browser.ts';

const cookies = ['plain=1', '__Host-probe=1', '__Host-parted=1; Partitioned'];

/** `lms` and `tool` frame the same path of `hub`; its /set sets the cookies and goes on to /show, which names them. */
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  const [site] = (request.headers.host ?? '').split('.');
  if (site !== 'hub') {
    response.end(`<iframe src="http://hub.localhost:${port}${request.url}"></iframe>`);
  } else if (request.url === '/set') {
    const attributes = 'Path=/; Secure; HttpOnly; SameSite=None';
    response.setHeader(
      'set-cookie',
      cookies.map((cookie) => `${cookie}; ${attributes}`),
    );
    response.writeHead(302, { location: '/show' }).end();
  } else {
    const names = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=')[0]);
    response.end(`<output>${names.sort().join(' ')}</output>`);
  }
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
afterAll(() => server.close());

let browser: TestBrowser;
afterEach(() => browser.close());

async function cookiesInFrame(page: Page, address: string): Promise<string | null> {
  await page.goto(address);
  return page.frameLocator('iframe').locator('output').textContent();
}

test('a browser that blocks lets only Partitioned cookies into a frame', async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
  const page = await browser.newPage();
  expect(await cookiesInFrame(page, `http://lms.localhost:${port}/set`)).toBe('__Host-parted');
});

test('a browser that does not block accepts all three, and Secure cookies on http://*.localhost', async () => {
  browser = await launchBrowser();
  const page = await browser.newPage();
  const all = '__Host-parted __Host-probe plain';
  expect(await cookiesInFrame(page, `http://lms.localhost:${port}/set`)).toBe(all);
});

test('cookies of a first-party visit stay out of the frame', async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
  const page = await browser.newPage();
  await page.goto(`http://hub.localhost:${port}/set`);
  expect(await page.locator('output').textContent()).toBe('__Host-parted __Host-probe plain');
  expect(await cookiesInFrame(page, `http://lms.localhost:${port}/show`)).toBe('');
});

test('a Partitioned cookie stays with the top site it was set under', async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
  const page = await browser.newPage();
  await cookiesInFrame(page, `http://lms.localhost:${port}/set`);
  expect(await cookiesInFrame(page, `http://lms.localhost:${port}/show`)).toBe('__Host-parted');
  expect(await cookiesInFrame(page, `http://tool.localhost:${port}/show`)).toBe('');
});

test('a window opened by the page blocks as well', async () => {
  browser = await launchBrowser({ blockThirdPartyCookies: true });
  const page = await browser.newPage();
  await page.goto(`http://hub.localhost:${port}/set`);
  const opened = page.waitForEvent('popup');
  await page.evaluate(`void window.open('about:blank')`);
  const window = await opened;
  await blockThirdPartyCookies(window);
  expect(await cookiesInFrame(window, `http://lms.localhost:${port}/set`)).toBe('__Host-parted');
});

test('the browser reaches only this machine', async () => {
  browser = await launchBrowser();
  const page = await browser.newPage();
  await expect(page.goto('http://example.com/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
});
