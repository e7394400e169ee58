import { cookieName } from '../platform/handle.ts';
import type { CookieChange } from './replies.ts';

/** A cookie that is not partitioned and holds no secret: it shows whether ordinary cookies work here. */
export const probeCookie = '__Host-ghp';

/** A cookie that is partitioned and holds no secret: it shows that this browser keeps cookies in this LMS's frame. */
const checkCookie = '__Host-ghc';

/** A login or hint lives this long, and its cookie with it. */
export const lifetimeSeconds = 300;

/** What the request says of the browser it comes from. */
export interface BrowserRequest {
  cookie(name: string): string | undefined;
  /** Fetch metadata: a top-level page says `document`, a frame `iframe`; old browsers say nothing. */
  fetchDest: string | undefined;
  /**
   * The request was sent by a page of the hub itself. A secret that stands in a form counts only then: anyone can post
   * their own secret into somebody else's browser.
   */
  ownPage: boolean;
}

/** The cookies of a new login: one of its own, and the probe. */
export function bindingCookies(id: string, secret: string): CookieChange[] {
  return [
    { name: cookieName(id), value: secret, maxAgeSeconds: lifetimeSeconds * 2, partitioned: true },
    { name: probeCookie, value: '1', maxAgeSeconds: lifetimeSeconds * 2, partitioned: false },
  ];
}

/** The cookies that show, at the next request, which kinds of cookies this browser keeps. */
export function cookieCheckCookies(): CookieChange[] {
  return [
    { name: checkCookie, value: '1', maxAgeSeconds: 86_400, partitioned: true },
    { name: probeCookie, value: '1', maxAgeSeconds: lifetimeSeconds * 2, partitioned: false },
  ];
}

/** Whether some cookie of the hub came along. */
export function keepsCookies(browser: BrowserRequest): boolean {
  return browser.cookie(checkCookie) !== undefined || browser.cookie(probeCookie) !== undefined;
}

/** Removes the cookie of a launch that is over. */
export function clearBinding(id: string): CookieChange[] {
  return [{ name: cookieName(id), value: '', maxAgeSeconds: 0, partitioned: true }];
}

export type Proof = { rung: 'cookie' | 'storage'; secret: string } | { rung: 'none'; secret: undefined };

/**
 * The proof that came with the request: the cookie, else what the hub's own page was given by the LMS's storage or by
 * the page that frames it, and posted on. A secret proves only what its hash is compared with later.
 */
export function presentedProof(browser: BrowserRequest, id: string, posted: unknown): Proof {
  const cookie = browser.cookie(cookieName(id));
  if (cookie !== undefined && cookie !== '') return { rung: 'cookie', secret: cookie };
  if (browser.ownPage && typeof posted === 'string' && posted !== '')
    return { rung: 'storage', secret: posted };
  return { rung: 'none', secret: undefined };
}

/** Whether a page of the hub is shown inside another, as far as the browser tells. */
export function isFramed({ fetchDest }: BrowserRequest): boolean {
  return fetchDest !== undefined && ['iframe', 'frame', 'object', 'embed'].includes(fetchDest);
}

/** Whether a page of the hub is the whole window. A browser that does not tell is taken to be framed. */
export function isTopLevel({ fetchDest }: BrowserRequest): boolean {
  return fetchDest === 'document';
}
