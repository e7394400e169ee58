import { linkState, type OperatorLink } from '../../operators/links/link.ts';
import type { Operator } from '../../operators/operator.ts';
import { type StartedSession, sessionCookie } from '../../operators/sessions/operator-sessions.ts';
import type { Browser } from '../browser.ts';

export function showOperator({ tenantId: _owner, hasPassword: _has, ...operator }: Operator) {
  const { createdAt, lastSignInAt, roles } = operator;
  return {
    ...operator,
    roles: [...roles],
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}

/** @param now Unix milliseconds */
export function showLink(link: OperatorLink, now: number) {
  const { linkId, name, email, roles, steps, createdAt, expiresAt } = link;
  return {
    ...{ linkId, name, email: email ?? '', roles: [...roles], steps: [...steps] },
    state: linkState(link, now),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** Gives the browser its cookie, and tells the page what it needs beside it. */
export function showStarted(browser: Browser, started: StartedSession, maxAgeSeconds?: number) {
  browser.setCookie(sessionCookie(started.secret, maxAgeSeconds));
  return started.state === 'signed_in'
    ? { state: started.state, csrfToken: started.csrfToken }
    : { state: started.state };
}
