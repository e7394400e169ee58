import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** A colour on its way to another is neither. */
const endTransitions = `
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();`;

export interface BarrierOptions {
  /** Looks at it from right to left as well, and at the size of what is pressed (WCAG 2.2, 2.5.8). */
  thorough?: boolean;
}

const colours = ['color-contrast', 'link-in-text-block'];
const looks = [
  { name: 'light', colorScheme: 'light', direction: 'ltr', options: {} },
  // Another scheme has other colours and nothing else.
  {
    name: 'dark',
    colorScheme: 'dark',
    direction: 'ltr',
    options: { runOnly: { type: 'rule', values: colours } },
  },
] as const;
const fromTheRight = {
  name: 'right to left',
  colorScheme: 'light',
  direction: 'rtl',
  // Another direction moves things, and names, roles and structure stay.
  options: { runOnly: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] } },
} as const;

/**
 * What axe finds in the page and in the pages framed in it, as colour scheme, rule and element. All ways are
 * looked at in one document: loading axe there takes longer than its looking.
 */
export async function findBarriers(page: Page, { thorough = false }: BarrierOptions = {}): Promise<string[]> {
  const frames = await framesSeen(page.mainFrame());
  for (const frame of frames) {
    if (await frame.evaluate('globalThis.axe === undefined')) await frame.evaluate(axe.source);
  }
  const found: string[] = [];
  const own = thorough ? await page.evaluate<string>('document.documentElement.dir') : '';
  for (const { name, colorScheme, direction, options } of thorough ? [...looks, fromTheRight] : looks) {
    await page.emulateMedia({ colorScheme });
    if (thorough) await page.evaluate(`document.documentElement.dir = '${direction}'`);
    const barriers = await page.evaluate<
      string[]
    >(`${await judgement(frames, asked(options, thorough))}.then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`);
    found.push(...barriers.map((barrier) => `${name} ${barrier}`));
  }
  if (thorough) await page.evaluate(`document.documentElement.dir = '${own}'`);
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** The frame and those in it, from the top down, without hidden ones: the order axe counts frames in. */
async function framesSeen(frame: Frame): Promise<Frame[]> {
  const seen: Frame[] = [frame];
  for (const child of frame.childFrames()) {
    const element = await child.frameElement();
    if (await element.isVisible()) seen.push(...(await framesSeen(child)));
  }
  return seen;
}

/** Options of a run. The size of targets axe leaves out unless it is asked for. */
function asked(options: { runOnly?: object }, thorough: boolean): string {
  const rules = thorough && options.runOnly === undefined ? { 'target-size': { enabled: true } } : {};
  return JSON.stringify({ ...options, resultTypes: ['violations'], rules });
}

/** What to run in the page for the results. What axe sees in the frames of other sites has to be carried there. */
async function judgement(frames: readonly Frame[], options: string): Promise<string> {
  if (frames.length === 1) return `${endTransitions} axe.run(document, ${options})`;
  const parts: unknown[] = [];
  for (const frame of frames) {
    // Of landmarks and headings a framed page leaves the judgement to the page around it, as axe does by itself.
    const context = { include: [['html']], initiator: frame.parentFrame() === null };
    parts.push(
      await frame.evaluate(`${endTransitions} axe.runPartial(${JSON.stringify(context)}, ${options})`),
    );
  }
  return `axe.finishRun(${JSON.stringify(parts)}, ${options})`;
}
