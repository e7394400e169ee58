import { type RefObject, useEffect } from 'react';

/** A dialog gives the focus back a moment after it is gone. */
const patienceMs = 60;

/**
 * Puts the focus on an element when what had it is gone, such as the button of something that was done: otherwise a
 * keyboard begins at the top again, and a reader of the screen hears nothing. WCAG 2.2, 2.4.3.
 */
export function useKeptFocus(fallback: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: Element | null = document.activeElement;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null;
    };
    const look = () => {
      timer = undefined;
      const isNowhere = document.activeElement === null || document.activeElement === document.body;
      if (isNowhere && last?.isConnected === false) fallback.current?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      if (last?.isConnected === false) timer ??= setTimeout(look, patienceMs);
    });
    document.addEventListener('focusin', note);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', note);
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [fallback]);
}
