import type { Request, Response, Router } from 'express';
import express from 'express';
import type { Html } from '../../platform/html.ts';
import { clearBrowserCookie, readBrowserCookie } from './browser-cookie.ts';
import { findClassList } from './class-list/class-list.ts';
import { choicePage } from './content/choice-routes.ts';
import { findContentRequest } from './content/content-request.ts';
import { launchPage } from './launch-page.ts';
import { provesBrowser } from './logins.ts';
import { messagePage, provePage, send } from './pages.ts';
import type { ToolInside } from './sample-tool.ts';
import type { VerifiedClaims } from './verify.ts';
import { verifyIdToken } from './verify.ts';

const refusals = {
  state: 'This launch was already used, or is too old. Open the link in your course again.',
  platform: 'The learning platform did not confirm who you are. Open the link in your course again.',
  browser: 'Your browser did not show that this launch is yours. Open the tool in a new window instead.',
};

/** The redirect URI, and the second step for browsers that keep no cookie. */
export function launchRoutes(tool: ToolInside): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '64kb' });

  router.post('/launch', form, async (request, response) => {
    const { state, id_token: token, error } = fields(request);
    const login = state === undefined ? undefined : tool.logins.find(state, tool.clock.now());
    if (state === undefined || !login || login.verified) return refuse(response, 'state');
    if (error !== undefined || token === undefined) {
      tool.logins.remove(state);
      return refuse(response, 'platform', error ?? 'no_id_token');
    }
    const { issuer, clientId } = tool.platform;
    const expected = { issuer, clientId, nonce: login.nonce, now: tool.clock.now() };
    const verification = await verifyIdToken(token, expected, tool.keySet);
    if (verification.kind === 'refused') {
      tool.logins.remove(state);
      return refuse(response, 'platform', verification.check);
    }
    if (provesBrowser(login, readBrowserCookie(request, state))) {
      tool.logins.remove(state);
      clearBrowserCookie(response, state);
      return send(response, opened(verification.claims, 'cookie'));
    }
    if (login.storageTarget === undefined) {
      tool.logins.remove(state);
      return refuse(response, 'browser');
    }
    // Marks the token as used: the state takes no second one, only the browser's proof.
    login.verified = verification.claims;
    const platformOrigin = new URL(tool.platform.authorizeUrl).origin;
    return send(response, provePage({ storageTarget: login.storageTarget, platformOrigin, state }));
  });

  router.post('/launch/proof', form, (request, response) => {
    const { state, proof } = fields(request);
    const login = state === undefined ? undefined : tool.logins.find(state, tool.clock.now());
    if (state === undefined || !login?.verified) return refuse(response, 'state');
    tool.logins.remove(state);
    if (!provesBrowser(login, proof)) return refuse(response, 'browser');
    return send(response, opened(login.verified, 'storage'));
  });

  function opened(claims: VerifiedClaims, provenBy: 'cookie' | 'storage'): Html {
    const now = tool.clock.now();
    const asked = findContentRequest(claims);
    if (asked !== undefined) return choicePage(tool.contentRequests.open(asked, now), asked);
    if (tool.platform.tokenUrl === undefined) return launchPage(claims, provenBy, {});
    const members = findClassList(claims);
    return launchPage(claims, provenBy, {
      activity: tool.activities.open(claims, now),
      classList: members && `/class/${tool.classLists.open(members, now)}`,
    });
  }

  return router;
}

function refuse(response: Response, reason: keyof typeof refusals, check: string = reason): void {
  response.status(reason === 'platform' ? 401 : 403).set('Sample-Tool-Refused', headerText(check));
  send(response, messagePage('This launch cannot go on', refusals[reason]));
}

function headerText(check: string): string {
  return check.replace(/[^\w:/.-]/g, '').slice(0, 100);
}

function fields(request: Request): Record<string, string | undefined> {
  const body: Record<string, unknown> = request.body ?? {};
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
}
