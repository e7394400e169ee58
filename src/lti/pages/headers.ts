export interface PageHeaderOptions {
  /** CSP sources that may embed the page (the registration's list), or `'none'` alone. */
  readonly frameAncestors: readonly string[];
  /**
   * CSP sources the page itself may frame: `['https:']` for the framed page, and the tool's origin where
   * that is not https. Not the tool's origins alone, since a tool may sign its user in elsewhere.
   */
  readonly frames?: readonly string[];
}

/**
 * The headers every launch page is sent with. There is no form-action limit (form_post answers go to
 * other origins), no X-Frame-Options and no opener policy (a new window may tell its opener to close).
 */
export function pageHeaders({ frameAncestors, frames }: PageHeaderOptions): Record<string, string> {
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `connect-src 'self'`,
    `img-src data:`,
    // The tool's frame visits the hub's own authorize page on its way, hence 'self'.
    frames ? `frame-src ${["'self'", ...frames].join(' ')}` : `frame-src 'none'`,
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    // Not `no-referrer`: that would send a form with `Origin: null`, which some partners refuse.
    'Referrer-Policy': 'strict-origin',
    'X-Content-Type-Options': 'nosniff',
  };
}
