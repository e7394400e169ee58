export type Presentation = 'redirect' | 'framed' | 'new_window';

export interface BrowserSigns {
  /** The page is the whole window, not a frame inside the LMS. */
  topLevel: boolean;
  /** A cookie without `Partitioned` came along, so a tool's ordinary cookie will too. */
  ordinaryCookies: boolean;
}

/**
 * How the tool's page is shown. A redirect needs cookies of the tool to work in the frame; where they do not,
 * a tool with platform storage is framed by the hub, and one without opens in a window of its own.
 */
export function decidePresentation(
  tool: { presentation: Presentation; supportsStorage: boolean },
  signs: BrowserSigns,
): Presentation {
  if (tool.presentation === 'framed') return 'framed';
  if (signs.topLevel) return 'redirect';
  if (tool.presentation === 'new_window') return 'new_window';
  if (signs.ordinaryCookies) return 'redirect';
  return tool.supportsStorage ? 'framed' : 'new_window';
}
