import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { type DirectDemo, startDirectDemo } from './support/demo-world.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let browser: TestBrowser;
let demo: DirectDemo;
let withoutCookies: DirectDemo;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  demo = await startDirectDemo();
  withoutCookies = await startDirectDemo({ setsCookies: false });
});
afterEach(() => page.context().close());
afterAll(async () => {
  await browser.close();
  await demo.close();
  await withoutCookies.close();
});

const course = (world: DirectDemo) => `${world.lms.baseUrl}/schools/northside`;
const tool = () => page.frameLocator('iframe[name=tool]');
const fact = (name: string) => tool().locator(`[data-fact=${name}]`);

describe('a tool opened in the course page', () => {
  test('greets the person the visitor acts as, its browser proven by the cookie', async () => {
    page = await browser.newPage();
    await page.goto(course(demo));
    await page.getByLabel('You are').selectOption('ns-castillo');
    await page.getByRole('button', { name: 'Switch' }).click();
    await page.getByRole('link', { name: 'Cell structure lab' }).click();
    expect(await fact('name').textContent()).toBe('Diego');
    expect(await fact('proof').getAttribute('data-proof')).toBe('cookie');
  });

  test('is proven by its partitioned cookie where third-party cookies are blocked', async () => {
    const blocking = await launchBrowser({ blockThirdPartyCookies: true });
    page = await blocking.newPage();
    await page.goto(`${course(demo)}/items/ns-cell-lab`);
    expect(await fact('proof').getAttribute('data-proof')).toBe('cookie');
    await blocking.close();
  });

  test.each(['post_message_forwarding', '_parent'])(
    "is proven by the platform's storage at %s where the browser keeps no cookie",
    async (storageTarget) => {
      withoutCookies.lms.knobs.storageTarget = storageTarget;
      page = await browser.newPage();
      await page.goto(`${course(withoutCookies)}/items/ns-cell-lab`);
      expect(await fact('name').textContent()).toBe('Amara');
      expect(await fact('proof').getAttribute('data-proof')).toBe('storage');
    },
  );

  test('is refused where the browser keeps no cookie and the platform stores nothing', async () => {
    withoutCookies.lms.knobs.storageTarget = null;
    page = await browser.newPage();
    await page.goto(`${course(withoutCookies)}/items/ns-cell-lab`);
    await tool().getByRole('heading', { name: 'This launch cannot go on' }).waitFor();
  });

  test('opens in a window of its own where the course says so', async () => {
    page = await browser.newPage();
    await page.goto(`${course(demo)}/items/ns-microscope`);
    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Open in a new window' }).click();
    const opened = await opening;
    expect(await opened.locator('[data-fact=resource]').textContent()).toBe('Microscope practice');
  });
});

describe("the platform's storage", () => {
  /** Sends a message from the tool's frame to the window around it, and resolves with the answer. */
  async function ask(message: object): Promise<Record<string, unknown>> {
    const frame = page.frames().find((candidate) => candidate.url().startsWith('http://tool.'))!;
    const sent = JSON.stringify({ message_id: 'm-1', ...message });
    return frame.evaluate(`new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data), { once: true });
      parent.postMessage(${sent}, ${JSON.stringify(demo.lms.baseUrl)});
    })`);
  }

  async function openTool(): Promise<void> {
    page = await browser.newPage();
    await page.goto(`${course(demo)}/items/ns-cell-lab`);
    await fact('name').waitFor();
  }

  test('names the frame that stores', async () => {
    await openTool();
    const answer = await ask({ subject: 'lti.capabilities' });
    expect(answer).toMatchObject({ subject: 'lti.capabilities.response', message_id: 'm-1' });
    expect(answer.supported_messages).toContainEqual({
      subject: 'lti.put_data',
      frame: 'post_message_forwarding',
    });
  });

  test('gives back what was put, null for what was not, and nothing after a null', async () => {
    await openTool();
    expect(await ask({ subject: 'lti.get_data', key: 'k' })).toMatchObject({ value: null });
    expect(await ask({ subject: 'lti.put_data', key: 'k', value: 'v' })).toMatchObject({
      key: 'k',
      value: 'v',
    });
    expect(await ask({ subject: 'lti.get_data', key: 'k' })).toMatchObject({ value: 'v' });
    await ask({ subject: 'lti.put_data', key: 'k', value: null });
    expect(await ask({ subject: 'lti.get_data', key: 'k' })).toMatchObject({ value: null });
  });

  test('refuses a value past 4096 bytes and a message without an id', async () => {
    await openTool();
    const long = await ask({ subject: 'lti.put_data', key: 'k', value: 'v'.repeat(4097) });
    expect(long).toMatchObject({ error: { code: 'storage_exhaustion' } });
    const anonymous = await ask({ subject: 'lti.get_data', key: 'k', message_id: 7 });
    expect(anonymous).toMatchObject({ error: { code: 'bad_request' } });
  });
});

describe('every page', () => {
  const paths = [
    '/',
    '/schools/northside',
    '/schools/riverbend',
    '/schools/northside/gradebook',
    '/schools/northside/people',
    '/schools/northside/items/ns-mendel',
    '/schools/northside/items/ns-microscope',
    '/schools/northside/items/ns-cell-lab',
    '/schools/northside/tools',
    '/schools/nowhere',
  ];

  test.each(paths)('is free of axe findings, light and dark: %s', async (path) => {
    page = await browser.newPage({ reducedMotion: 'reduce' });
    await page.goto(demo.lms.baseUrl + path);
    if (path.endsWith('lab')) await fact('name').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test.each(paths)('reflows at 320 px without scrolling sideways: %s', async (path) => {
    page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(demo.lms.baseUrl + path);
    if (path.endsWith('lab')) await fact('name').waitFor();
    for (const frame of page.frames()) {
      const overflow = await frame.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, frame.url()).toBe(0);
    }
  });
});
