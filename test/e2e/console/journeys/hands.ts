import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How somebody works a page: the journeys are told in these words, once for each way. */
export interface Hands {
  /** Follows a link, presses a button. */
  press(what: Locator): Promise<void>;
  /** Replaces what stands in a field. */
  fill(field: Locator, text: string): Promise<void>;
  /** Ticks a box. */
  tick(box: Locator): Promise<void>;
  /** Chooses from a list that opens. */
  choose(list: Locator, option: string): Promise<void>;
}

export const ways = ['pointer', 'keyboard'] as const;
export type Way = (typeof ways)[number];

/** Somebody with a mouse, or somebody with a keyboard alone. */
export function createHands(page: Page, way: Way): Hands {
  if (way === 'pointer') {
    return {
      press: (what) => what.click(),
      fill: (field, text) => field.fill(text),
      tick: (box) => box.click(),
      choose: async (list, option) => {
        await list.click();
        await page.getByRole('option', { name: option, exact: true }).click();
      },
    };
  }
  return {
    press: async (what) => {
      await tabTo(page, what);
      await page.keyboard.press('Enter');
    },
    fill: async (field, text) => {
      await tabTo(page, field);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
    tick: async (box) => {
      await tabTo(page, box);
      await page.keyboard.press('Space');
    },
    choose: async (list, option) => {
      await tabTo(page, list);
      await page.keyboard.press('ArrowDown');
      const wanted = page.getByRole('option', { name: option, exact: true });
      await wanted.waitFor();
      // What the arrows have reached is marked by an attribute of the list's own.
      for (let presses = 0; presses < mostPresses; presses++) {
        if ((await wanted.getAttribute('data-combobox-selected')) !== null) break;
        await page.keyboard.press('ArrowDown');
      }
      await enterInto(page, list, wanted);
    },
  };
}

/**
 * Takes the marked option with the Enter key. The list keeps its count of what is marked by timers of its own, and
 * a key that comes between two of them takes nothing: somebody who sees the list still open presses again.
 */
async function enterInto(page: Page, list: Locator, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 3; presses++) {
    if ((await list.getAttribute('aria-expanded')) === 'true') await page.keyboard.press('Enter');
    const closed = await wanted.waitFor({ state: 'hidden', timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (closed) return;
  }
  throw new Error(`The Enter key does not take ${wanted}`);
}

/** More than any page here has to offer, with the browser's own turn at its end. */
const mostPresses = 150;

/** Goes on from where the focus is, by the Tab key alone. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < mostPresses; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not reach ${target}`);
}

/** Where the focus is must be somewhere a person can see: on the page's heading, in a dialog, on what was pressed. */
export async function expectFocus(page: Page | FrameLocator): Promise<void> {
  const focused = page.locator('body :focus');
  await expect.poll(() => focused.count()).toBe(1);
}
