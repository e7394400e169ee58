import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { type Hub, migrateAll, openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createDemo } from '../../src/demo/demo.ts';
import type { GradebookMode } from '../../src/demo/lms/grades/modes.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { launchBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { send } from './support/user-agent.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const { url, superuser } = await createTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-demo-'));
let handler: RequestListener = (_request, response) => response.end();
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  handler: (request, response) => handler(request, response),
});
const baseUrl = `http://hub.localhost:${server.port}`;
const environment = { GATEHOUSE_URL: baseUrl, GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' };
const config = readConfig({ environment, demo: true });
const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
const log = openLog({ level: 'silent' });
await migrateAll({ config, storage, log });
let running = await start();
const lmsUrl = baseUrl.replace('//hub.', '//lms.');
const gradebook = `${lmsUrl}/schools/northside/gradebook`;
const browser = await launchBrowser();
let teacher = await signInAs('ns-okafor');

afterEach(() => setMode('normal'));
afterAll(async () => {
  await browser.close();
  await server.stop(1_000);
  await running.close(1_000);
  await rm(folder, { recursive: true, force: true });
});

/** Starts the hub and what the demo puts around it. */
async function start(): Promise<Pick<Hub, 'close'>> {
  const hub = await openHub({ config, storage, log, work: true });
  const { dataDir } = config;
  const demo = await createDemo({
    ...hub,
    baseUrl,
    dataDir,
    dropFolder: `${dataDir}/packages`,
    command: 'hub',
  });
  handler = demo.handler as RequestListener;
  return {
    close: async (timeoutMs) => {
      await demo.close();
      await hub.close(timeoutMs);
    },
  };
}

async function signInAs(person: string): Promise<string[]> {
  const course = `${lmsUrl}/schools/northside`;
  const { setCookies } = await send(course);
  await send(`${course}/act-as`, { form: { person }, cookies: setCookies });
  return setCookies;
}

async function setMode(mode: GradebookMode): Promise<void> {
  await send(`${gradebook}/mode`, { form: { mode }, cookies: teacher });
}

/** Amara's score in the LMS's gradebook, as her teacher reads it. */
async function shownScore(): Promise<string | undefined> {
  const { body } = await send(gradebook, { cookies: teacher });
  return /Amara Nwosu<\/th><td class="score"><strong>([^<]*)</.exec(body)?.[1];
}

/** Opens the lab as Amara, in the frames of LMS and hub, up to the page where she hands in. */
async function openActivity(): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`${lmsUrl}/schools/northside/items/ns-cell-lab`);
  const link = page
    .frameLocator('iframe[name=tool]')
    .frameLocator('iframe[name=gatehouse-tool]')
    .getByRole('link', { name: 'Go to the activity' });
  const address = new URL((await link.getAttribute('href')) ?? '', baseUrl.replace('//hub.', '//tool.'));
  await page.context().close();
  return address.href;
}

/** Hands a score in. @returns the hub's answer, as the tool shows it */
async function handIn(activity: string, score: string): Promise<string | undefined> {
  await send(activity, { form: { score, maximum: '10', comment: `Scored ${score}` } });
  return /data-answer="(\d+)"/.exec((await send(activity)).body)?.[1];
}

async function countDeliveries(state: string): Promise<number> {
  const { rows } = await superuser.query(
    'select count(*)::int as count from grade_delivery where state = $1',
    [state],
  );
  return rows[0].count;
}

const soon = { timeout: 15_000, interval: 200 };

test('a score goes from the tool through the hub to the gradebook, and can be read back', async () => {
  const activity = await openActivity();
  expect(await handIn(activity, '7')).toMatch(/^2/);
  await expect.poll(shownScore, soon).toBe('7');
  expect((await send(activity)).body).toContain('7 of 10');
});

test('a score that the gradebook stored and denied is delivered once', async () => {
  const activity = await openActivity();
  const delivered = await countDeliveries('delivered');
  await setMode('storing_fails');
  await handIn(activity, '8');
  // The second try meets the score that the first one has left.
  await expect.poll(() => countDeliveries('delivered'), soon).toBe(delivered + 1);
  expect(await shownScore()).toBe('8');
});

test('a score waits while the gradebook is down, and arrives when it is back', async () => {
  const activity = await openActivity();
  await setMode('down');
  expect(await handIn(activity, '9')).toMatch(/^2/);
  expect(await countDeliveries('pending')).toBe(1);
  await setMode('normal');
  await expect.poll(shownScore, soon).toBe('9');
});

test('a score that the gradebook refuses for good is not tried again', async () => {
  const activity = await openActivity();
  const refused = await countDeliveries('refused');
  await setMode('refusing');
  await handIn(activity, '10');
  await expect.poll(() => countDeliveries('refused'), soon).toBe(refused + 1);
  await setMode('normal');
  expect(await shownScore()).not.toBe('10');
});

test('a hub that is switched off at the LMS stops sending, and goes on once a score gets through', async () => {
  const activity = await openActivity();
  const countStopped = async () => {
    const { rows } = await superuser.query("select state from grade_route where state = 'stopped'");
    return rows.length;
  };
  await setMode('switched_off');
  expect(await handIn(activity, '6')).toMatch(/^2/);
  await expect.poll(countStopped, soon).toBe(1);
  await setMode('normal');
  // Instead of waiting for the five minutes until one score tries.
  await superuser.query('update grade_route set blocked_until = now()');
  await expect.poll(shownScore, soon).toBe('6');
  // The gradebook shows the score before the hub has its answer.
  await expect.poll(countStopped, soon).toBe(0);
});

test('a demo that starts again has the grades of the one before, and takes new ones', async () => {
  await handIn(await openActivity(), '3');
  await expect.poll(shownScore, soon).toBe('3');
  await running.close(1_000);
  running = await start();
  teacher = await signInAs('ns-okafor');
  expect(await shownScore()).toBe('3');
  expect(await handIn(await openActivity(), '4.5')).toMatch(/^2/);
  await expect.poll(shownScore, soon).toBe('4.5');
});
