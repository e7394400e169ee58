export type Presentation = 'redirect' | 'framed' | 'new_window';

export interface BrowserSigns {
  /** The page is the whole window, not a frame inside the LMS. */
  topLevel: boolean;
  /** A cookie without `Partitioned` came along, so a tool's ordinary cookie will too. */
  ordinaryCookies: boolean;
}

/**
 * How the tool's page is shown. In a frame a tool needs ordinary cookies that work there, or platform storage by way
 * of the hub's own frame; a tool that can use neither opens in a window of its own, where its cookies are first-party.
 */
export function decidePresentation(
  tool: { presentation: Presentation; supportsStorage: boolean },
  { topLevel, ordinaryCookies }: BrowserSigns,
): Presentation {
  if (tool.presentation === 'framed' && tool.supportsStorage) return 'framed';
  if (topLevel) return 'redirect';
  if (tool.presentation === 'new_window') return 'new_window';
  if (ordinaryCookies) return tool.presentation;
  return tool.supportsStorage ? 'framed' : 'new_window';
}
