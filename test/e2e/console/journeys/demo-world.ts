import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import type { OperatorRole } from '../../../../contracts/http/roles.ts';
import { type Hub, migrateAll, openHub } from '../../../../src/app.ts';
import { readConfig } from '../../../../src/config.ts';
import { createDemo } from '../../../../src/demo/demo.ts';
import { listen } from '../../../../src/platform/http/server.ts';
import { openLog } from '../../../../src/platform/log.ts';
import { addOperator, password } from '../../../api/support/console-visitor.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { findBuiltConsole } from '../../../support/built-console.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { type WatchedPage, watchPage } from '../watched-page.ts';
import { createHands, type Hands, type Way } from './hands.ts';

/** Somebody at the console. */
export interface Visitor extends WatchedPage {
  hands: Hands;
}

export interface DemoTestWorld {
  hub: Hub;
  origins: { hub: string; lms: string };
  /** A browser in a fresh profile, which no one has signed in with, for the running test. */
  newPage(): Promise<Page>;
  /** Comes to an address of the console and signs in by its form, in one of the two ways. */
  comeAs(role: OperatorRole, address: string, way: Way): Promise<Visitor>;
}

/** The demo as people start it, with the console built from these sources, its background work done, and a browser. */
export async function startDemoWorld({ url }: TestDatabase): Promise<DemoTestWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-journeys-'));
  let handler: RequestListener = (_request, response) => response.end();
  const server = await listen({ host: '127.0.0.1', port: 0, handler: (...both) => handler(...both) });
  const origin = `http://hub.localhost:${server.port}`;
  const environment = { GATEHOUSE_URL: origin, GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' };
  const config = readConfig({ environment, demo: true });
  const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
  const log = openLog({ level: 'silent' });
  const [built] = await Promise.all([findBuiltConsole(), migrateAll({ config, storage, log })]);
  const hub = await openHub({ config, storage, log, work: true, consoleFolder: built });
  const dropFolder = config.dropFolder ?? path.join(folder, 'packages');
  const demo = await createDemo({ ...hub, baseUrl: origin, dataDir: folder, dropFolder, command: 'hub' });
  handler = demo.handler as RequestListener;
  const browser = await launchBrowser();
  afterAll(async () => {
    await browser.close();
    await server.stop(1_000);
    await demo.close();
    await hub.close(1_000);
    await rm(folder, { recursive: true, force: true });
  });
  return {
    hub,
    origins: { hub: origin, lms: origin.replace('//hub.', '//lms.') },
    newPage: async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
      onTestFinished(() => page.context().close());
      return page;
    },
    comeAs: async (role, address, way) => {
      const { email } = await addOperator(hub.operators, [role]);
      const watched = await watchPage(browser, origin);
      const { page } = watched;
      const hands = createHands(page, way);
      await page.goto(`${origin}/console${address}`);
      await hands.fill(page.getByLabel('E-mail address'), email);
      await hands.fill(page.getByLabel('Password', { exact: true }), password);
      await hands.press(page.getByRole('button', { name: 'Sign in', exact: true }));
      await page.getByRole('link', { name: 'Skip to the content' }).waitFor({ state: 'attached' });
      return { ...watched, hands };
    },
  };
}
