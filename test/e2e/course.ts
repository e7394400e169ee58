import type { FrameLocator, Locator, Page } from 'playwright-core';
import { html } from '../../src/platform/html.ts';
import type { Presentation, Tool } from '../../src/tools/tool.ts';
import { updateTool } from '../../src/tools/tools.ts';
import type { TestDatabase } from '../support/database.ts';
import { by, type HubWorld } from '../support/hub.ts';

/** Address of a page of Northside's course in the LMS, where the browser is Amara, a pupil. */
export function coursePage(world: HubWorld, item?: string): string {
  const course = `${world.lms.baseUrl}/schools/northside`;
  return item === undefined ? course : `${course}/items/${item}`;
}

/** What the LMS frames: the hub, or the tool once it has taken the hub's place. */
export function lmsFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[name=tool]');
}

/** What the hub's page frames. */
export function hubFrame(page: Page): FrameLocator {
  return lmsFrame(page).frameLocator('iframe[name=gatehouse-tool]');
}

/** The heading of the sample tool's page when it knows Amara. */
export function greeting(where: Page | FrameLocator): Locator {
  return where.getByRole('heading', { name: 'Hello, Amara' });
}

/** Hosts of the frames from the top down, by their first labels. */
export function sitesShown(page: Page): string[] {
  const hosts = page.frames().map((frame) => new URL(frame.url()).hostname.split('.')[0] ?? '');
  return hosts.filter((host) => host !== '');
}

/** Changes how the hub shows a tool. */
export async function setPresentation(
  { database }: TestDatabase,
  tool: Tool,
  presentation: Presentation,
): Promise<void> {
  await database.withHub((tx) =>
    updateTool(tx, tool.toolId, { presentation }, { allowLoopback: true }, by()),
  );
}

/** How the newest launch ended: what its row in the trace says. */
export async function newestLaunch({ superuser }: TestDatabase): Promise<Record<string, unknown>> {
  const { rows } = await superuser.query(
    'select launch_id, reference, state, reason, binding, presentation from launch order by launch_id desc limit 1',
  );
  return rows[0] as Record<string, unknown>;
}

/** Does what opens a window, and gives the window. */
export async function openedBy(page: Page, act: () => Promise<void>): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await act();
  return opened;
}

/** Posts a form into the LMS's frame, from the LMS's page. */
export async function postInFrame(page: Page, action: string, fields: Record<string, string>): Promise<void> {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const form = html`<form id="again" method="post" action="${action}" target="tool">${inputs}</form>`;
  await page.locator('body').evaluate((body, text) => body.insertAdjacentHTML('beforeend', text), form.text);
  await page.locator('#again').evaluate((element) => (element as unknown as { submit(): void }).submit());
}

/** Makes a browser that keeps nothing for framed sites, not even partitioned: an older one, or by a setting. */
export async function keepNoCookies(page: Page): Promise<void> {
  await page.route(/(hub|tool)\.localhost:\d+\/.*launch$/, async (route) => {
    await page.context().clearCookies({ domain: new URL(route.request().url()).hostname });
    await route.continue();
  });
}
