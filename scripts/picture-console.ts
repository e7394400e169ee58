import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoPackages } from '../src/demo/rosters.ts';
import type { TestBrowser } from '../test/support/browser.ts';

/** A demo that runs, and what it said when it was ready. */
export interface RunningDemo {
  said: string;
  /** Where schools leave packages, one folder for each. */
  packages: string;
}

/** The history of the demo comes beside everything else. */
const historyMs = 600_000;
const runMs = 180_000;

/** The year that ends now, as a query has it. @param now Unix milliseconds */
function lastYear(now: number): { from: string; to: string } {
  return { from: new Date(now - 365 * 86_400_000).toISOString(), to: new Date(now).toISOString() };
}

/** The next night's export has stopped half-way. */
async function leaveBadPackage(packages: string): Promise<void> {
  for (const school of await readdir(packages)) {
    const folder = path.join(packages, school);
    await copyFile(path.join(folder, demoPackages.bad), path.join(folder, demoPackages.first));
  }
}

/**
 * Takes pictures of the console: the health of all schools, a school, and a roster run that waits for somebody.
 *
 * @param folder where they are put
 * @returns their files
 */
export async function pictureConsole(
  browser: TestBrowser,
  demo: RunningDemo,
  folder: string,
): Promise<string[]> {
  const [, link] = /(http:\S+\/console\/\S+)/.exec(demo.said) ?? [];
  const [, roster] = /roster update (\S+) --tenant riverbend/.exec(demo.said) ?? [];
  if (link === undefined || roster === undefined) throw new Error('The demo did not say how to come in.');
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const files: string[] = [];
  const take = async (name: string): Promise<void> => {
    const file = path.join(folder, name);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: file, animations: 'disabled' });
    files.push(file);
  };
  const origin = new URL(link).origin;
  const open = async (address: string, shown: (page: Page) => Locator): Promise<void> => {
    await page.goto(`${origin}/console${address}`);
    await shown(page).first().waitFor();
  };

  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
  const run = async (shown: (page: Page) => Locator): Promise<void> => {
    await open(`/institutions/riverbend/rosters/${roster}`, (at) =>
      at.getByRole('button', { name: 'Run now' }),
    );
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
    await shown(page).first().waitFor({ timeout: runMs });
  };
  await run((at) => at.getByText('Applied', { exact: true }));
  await leaveBadPackage(demo.packages);
  await run((at) => at.getByRole('button', { name: 'Approve' }));
  await page.getByRole('region', { name: 'By school' }).waitFor();
  await take('console-held-plan.png');

  // The history is counted in the background: the chart is whole when every week of the year has its numbers.
  const until = Date.now() + historyMs;
  const { from, to } = lastYear(Date.now());
  const isWhole = () =>
    page.evaluate<boolean>(`fetch('/api/v1/health/chart?from=${from}&to=${to}')
      .then((reply) => reply.json())
      .then(({ points }) => points?.every(({ isOver, numbers }) => !isOver || numbers.ended > 0) ?? false)`);
  while (!(await isWhole())) {
    if (Date.now() > until) throw new Error('The history of the demo did not come.');
    await page.waitForTimeout(5_000);
  }
  await open('/health?window=28d&range=12m', (at) => at.locator('.chart svg'));
  await take('console-health.png');

  await open('/institutions/northside', (at) => at.getByRole('region', { name: 'Connections' }));
  await take('console-institution.png');
  return files;
}
