import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestBrowser } from '../../support/browser.ts';
import type { startConsoleWorld } from './console-world.ts';
import { watchPage } from './watched-page.ts';

type ConsoleWorld = Pick<Awaited<ReturnType<typeof startConsoleWorld>>, 'origin' | 'signIn'>;

export const patience = { timeout: 15_000 };

/** Waits until the page with this title is there. */
export const shown = (page: Page, name: string) =>
  expect
    .poll(() => page.getByRole('heading', { level: 1, name, exact: true }).count(), {
      ...patience,
      message: name,
    })
    .toBe(1);

/** Waits until nothing of the page is on its way. */
export const settled = (page: Page) =>
  expect.poll(() => page.getByRole('status', { name: 'Loading…' }).count(), patience).toBe(0);

/** How tests come to the pages of the console. */
export function createVisits(browser: TestBrowser, world: ConsoleWorld) {
  /** Opens an address of the console, and collects whatever the browser complains of. */
  async function visit(address: string, viewport = { width: 1280, height: 900 }) {
    const watched = await watchPage(browser, world.origin, { viewport });
    await watched.page.goto(`${world.origin}/console${address}`);
    return watched;
  }

  async function openAs(role: 'owner' | 'viewer' | 'institution_admin', address: string) {
    const visited = await visit(address);
    await world.signIn(visited.page, role);
    return visited;
  }

  return { visit, openAs };
}
