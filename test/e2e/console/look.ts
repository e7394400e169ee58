import type { Page } from 'playwright-core';

/** A phone, or a window at four times its size (WCAG 2.2, 1.4.10). */
const narrow = { width: 320, height: 640 };
const wide = { width: 1280, height: 900 };

/**
 * How much wider than a narrow window a page is, in both directions of writing: what scrolls sideways within the page,
 * as tables may, is not counted. WCAG 2.2, 1.4.10.
 */
export async function findOverflow(page: Page): Promise<string[]> {
  await page.setViewportSize(narrow);
  const found: string[] = [];
  for (const direction of ['rtl', 'ltr'] as const) {
    await page.evaluate(`document.documentElement.dir = '${direction}'`);
    // What is on its way from one side to the other is on neither, and charts measure themselves some frames later.
    const width = await page.evaluate<number>(`(async () => {
      for (let frames = 0; frames < 60; frames += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
        if (frames > 1 && document.documentElement.scrollWidth <= ${narrow.width}) break;
      }
      return document.documentElement.scrollWidth;
    })()`);
    if (width > narrow.width) found.push(`${direction}: ${width} px wide at ${narrow.width} px`);
  }
  await page.setViewportSize(wide);
  return found;
}

/** Elements that look the same with the focus as without it, or that have it where nobody sees: 2.4.7 and 2.4.11. */
export async function findUnseenFocus(page: Page): Promise<string[]> {
  // From the first press on, the browser shows the focus also where a script sets it.
  await page.keyboard.press('Tab');
  return page.evaluate<string[]>(`(() => {
    const settle = () => { for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish(); };
    const looks = (element) => {
      const parts = [];
      for (let each = element; each && parts.length < 3; each = each.parentElement) {
        const { outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow, backgroundColor } = getComputedStyle(each);
        parts.push(outlineStyle === 'none' ? '' : outlineWidth + outlineColor, borderColor, boxShadow, backgroundColor);
      }
      return parts.join('|');
    };
    // Some of it is on top, within the window: tall ones need not be seen as a whole.
    const isSeen = (element) => {
      const box = element.getBoundingClientRect();
      const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [x, y]));
      return points.some(([x, y]) => {
        const seen = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        // A box that is drawn by what stands beside it, as ticked ones are, shows the focus there.
        return seen !== null && (element.contains(seen) || element.parentElement.contains(seen));
      });
    };
    const found = [];
    for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
      if (element.disabled || !element.checkVisibility() || element.tabIndex < 0) continue;
      document.activeElement.blur();
      settle();
      const before = looks(element);
      element.focus();
      settle();
      if (document.activeElement !== element) continue;
      const name = element.outerHTML.slice(0, 160);
      if (looks(element) === before) found.push('looks the same: ' + name);
      if (!isSeen(element)) found.push('is covered: ' + name);
    }
    document.activeElement.blur();
    return found;
  })()`);
}
