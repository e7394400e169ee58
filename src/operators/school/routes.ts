import { Router } from 'express';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forPeople } from '../../platform/http/request-context.ts';
import type { BeginForConsole } from '../../sso/begin.ts';
import { setCookies } from '../../sso/http.ts';
import { decideConsolePath } from '../company/return-to.ts';
import { leadsToConsole } from './ways.ts';
import { takeWish, wishCookie } from './wish.ts';

/** Where an institution's admins go off to its own identity provider, on the way to the console. */
export function createSchoolRouter(
  { db, clock }: { db: Database; clock: Clock },
  begin: BeginForConsole,
): Router {
  const router = Router();
  endpoint(router, '/t/:slug/console-sign-in/:connectionId', {
    get: [
      forPeople,
      (request, response) => {
        const { cookie: cookieHeader } = request.headers;
        const returnTo = decideConsolePath(request.query.returnTo);
        return begin(request, response, {
          returnTo,
          ask: async ({ tenantId }, connectionId) => {
            if (!(await leadsToConsole(db.tenant(tenantId), connectionId))) return 'admin_way_closed';
            if (request.query.wish === undefined) return { kind: 'sign_in' };
            // A wish of before is nobody's any more: who comes later to this browser may be somebody else.
            setCookies(response, wishCookie(undefined));
            const browser = { cookieHeader, now: clock.now() };
            return (await takeWish({ db }, tenantId, connectionId, browser)) ?? 'admin_link_over';
          },
        });
      },
    ],
  });
  return router;
}
