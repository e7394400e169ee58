import type { Request, Response } from 'express';

// One cookie a login, so that two tabs do not overwrite each other's.
function cookieName(state: string): string {
  return `__Host-sample-${state.slice(0, 8)}`;
}

/** Leaves the login's secret in the browser. `Partitioned` (CHIPS) keeps it usable inside a frame. */
export function setBrowserCookie(response: Response, state: string, secret: string): void {
  response.cookie(cookieName(state), secret, {
    httpOnly: true,
    secure: true,
    sameSite: 'none',
    partitioned: true,
    path: '/',
    maxAge: 5 * 60 * 1000,
  });
}

/** The secret that the browser kept for this login, or undefined. */
export function readBrowserCookie(request: Request, state: string): string | undefined {
  const prefix = `${cookieName(state)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

/** Removes the login's cookie. */
export function clearBrowserCookie(response: Response, state: string): void {
  response.clearCookie(cookieName(state), {
    httpOnly: true,
    secure: true,
    sameSite: 'none',
    partitioned: true,
    path: '/',
  });
}
