import type { FrameLocator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { GradebookMode } from '../../../../src/demo/lms/grades/modes.ts';
import { listRosters, updateRoster } from '../../../../src/sync/sync.ts';
import { getTenantBySlug } from '../../../../src/tenants/tenants.ts';
import { send } from '../../../demo/support/user-agent.ts';
import type { DemoTestWorld } from './demo-world.ts';
import type { Hands } from './hands.ts';

/** A pupil's way from the course to the tool, in the LMS's own pages. */
export async function openLab({ origins }: DemoTestWorld, page: Page, hands: Hands): Promise<FrameLocator> {
  await page.goto(`${origins.lms}/schools/northside`);
  await hands.press(page.getByRole('link', { name: 'Cell structure lab' }));
  const tool = page.frameLocator('iframe[name=tool]').frameLocator('iframe[name=gatehouse-tool]');
  await tool.getByRole('heading', { name: 'Hello, Amara' }).waitFor();
  return tool;
}

/** Hands a score in, in the tool that a pupil has opened. */
export async function handIn(tool: FrameLocator, hands: Hands, score: string): Promise<void> {
  await hands.press(tool.getByRole('link', { name: 'Go to the activity' }));
  await hands.fill(tool.getByRole('spinbutton', { name: 'Score' }), score);
  await hands.press(tool.getByRole('button', { name: 'Hand in' }));
  await expect.poll(() => tool.locator('[data-answer]').count()).toBeGreaterThan(0);
}

/** The school's LMS as its teacher has it. */
export function openGradebook({ origins }: DemoTestWorld) {
  const course = `${origins.lms}/schools/northside`;
  const signedIn = (async () => {
    const { setCookies } = await send(course);
    await send(`${course}/act-as`, { form: { person: 'ns-okafor' }, cookies: setCookies });
    return setCookies;
  })();
  return {
    setMode: async (mode: GradebookMode): Promise<void> => {
      await send(`${course}/gradebook/mode`, { form: { mode }, cookies: await signedIn });
    },
    /** Amara's score as the gradebook shows it. */
    shownScore: async (): Promise<string | undefined> => {
      const { body } = await send(`${course}/gradebook`, { cookies: await signedIn });
      return /Amara Nwosu<\/th><td class="score"><strong>([^<]*)</.exec(body)?.[1];
    },
  };
}

/** The school's information system has a new secret, which nobody has told the hub. */
export async function changeSecretAtSource({ hub }: DemoTestWorld): Promise<void> {
  const { tenantId } = await getTenantBySlug(hub.db.directory, 'northside');
  const rosters = await hub.db.withTenant(tenantId, (tx) => listRosters(tx));
  const { connectionId } = rosters.find(({ connector }) => connector === 'oneroster-rest')!;
  const by = { actor: 'test', now: hub.clock.now() };
  await updateRoster(hub.sync, tenantId, connectionId, { settings: { clientSecret: 'the old one' } }, by);
}
