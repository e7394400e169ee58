import { Router } from 'express';
import type { Clock } from '../../platform/clock.ts';
import { cookieId, cookieName, hashSecret } from '../../platform/handle.ts';
import { findCookie, type HostCookie, serializeHostCookie } from '../../platform/http/cookies.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitByAddress } from '../../platform/http/rate-limit.ts';
import { forPeople } from '../../platform/http/request-context.ts';
import { backChannelLogout } from '../../sso/oidc/back-channel.ts';
import { sessionCookie } from '../sessions/operator-sessions.ts';
import { type CompanySignIn, callbackPath, logoutPath, startPath } from './company.ts';
import { decideConsolePath } from './return-to.ts';

const cookieSeconds = 600;

/** Where staff of the hub go off to the company's provider, and come back. */
export function createCompanyRouter(company: CompanySignIn, clock: Clock): Router {
  const router = Router({ caseSensitive: true });
  const limit = limitByAddress({ name: 'console', clock, perSecond: 5, burst: 60 });
  endpoint(router, startPath, {
    get: [
      forPeople,
      limit,
      async (request, response) => {
        const returnTo = decideConsolePath(request.query.returnTo);
        const { location, handle, browserSecret } = await company.start(returnTo);
        const cookie = bindingCookie(cookieOf(handle), browserSecret, cookieSeconds);
        response.append('Set-Cookie', serializeHostCookie(cookie));
        response.setHeader('Cache-Control', 'no-store');
        response.redirect(303, location);
      },
    ],
  });
  endpoint(router, callbackPath, {
    get: [
      forPeople,
      limit,
      async (request, response) => {
        const { query, headers } = request;
        const name = cookieOf(String(query.state));
        const browserSecret = findCookie(headers.cookie, name);
        response.append('Set-Cookie', serializeHostCookie(bindingCookie(name, '', 0)));
        const answer = {
          query: { ...query },
          browserSecret,
          cookieHeader: headers.cookie,
          address: request.ip,
        };
        const { session, returnTo } = await company.finish(answer);
        response.append('Set-Cookie', serializeHostCookie(sessionCookie(session.secret)));
        response.setHeader('Cache-Control', 'no-store');
        response.redirect(303, returnTo);
      },
    ],
  });
  // One address tells of everybody who signs out.
  const ofProvider = limitByAddress({ name: 'company_logout', clock, perSecond: 20, burst: 200 });
  endpoint(router, logoutPath, {
    post: [ofProvider, ...backChannelLogout((_request, token) => company.endSessions(token))],
  });
  return router;
}

function cookieOf(handle: string): string {
  return cookieName(cookieId(hashSecret(handle)));
}

/** Lax: the answer comes by a link of the provider's site. */
function bindingCookie(name: string, value: string, maxAgeSeconds: number): HostCookie {
  return { name, value, maxAgeSeconds, partitioned: false, sameSite: 'Lax' };
}
