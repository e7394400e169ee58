import type { Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { findBuiltConsole } from '../../support/built-console.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startSetupWorld } from '../../support/setup-world.ts';

/** How long a page may take: behind some of them partners are asked. */
export const patience = { timeout: 30_000 };

/** A label by its whole name; the asterisk of a field that is needed stands behind it. */
export const named = (label: string) => new RegExp(`^${label.replace(/[()]/g, String.raw`\$&`)}(?: \\*)?$`);

/** A hub that knows no institution, with the console built from these sources, and a browser. Call it at the top level. */
export async function openSetupConsole() {
  const [testDatabase, built] = await Promise.all([createTestDatabase(), findBuiltConsole()]);
  const world = await startSetupWorld(testDatabase, built);
  const browser = await launchBrowser();
  afterAll(() => browser.close());
  return {
    world,
    testDatabase,
    /** A window in a fresh profile for the running test. */
    openPage: async (): Promise<Page> => {
      const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
      // A page that is left open goes on asking and drawing.
      onTestFinished(() => page.context().close());
      return page;
    },
  };
}
