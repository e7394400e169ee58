import { type Request, type RequestHandler, type Response, Router } from 'express';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPeople } from '../platform/http/request-context.ts';
import {
  arrive,
  connectionOfRequest,
  refuseSignIn,
  type SsoHttp,
  sendFinished,
  tenantOfRequest,
} from './http.ts';
import { openIdentity } from './identities/identities.ts';
import { decideReturnTo } from './return-to.ts';
import type { Check } from './sign-in.ts';
import type { SignInVisit, SignInWays } from './visit.ts';

/** Where signing in begins, whatever the protocol; `takePassword` takes the form of a way that has one. */
export function createBeginRouter(
  http: SsoHttp,
  ways: SignInWays,
  takePassword: readonly RequestHandler[],
): Router {
  const router = Router();
  endpoint(router, '/t/:slug/sign-in/:connectionId', {
    get: [forPeople, begin(http, ways)],
    post: [...takePassword],
  });
  return router;
}

function begin(http: SsoHttp, ways: SignInWays): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const tx = services.db.tenant(tenant.tenantId);
    const identity = await openIdentity(services, tx, connectionOfRequest(request));
    if (identity.status !== 'active') {
      return refuseSignIn(http, request, response, { tenant, identity, reason: 'connection_closed' });
    }
    const returnTo = decideReturnTo(tenant.slug, request.query.returnTo);
    await ways[identity.protocol].begin(request, response, { tenant, identity, returnTo, isTest: false });
  };
}

/** Ends a try that could not even be begun, since the other side is not as it should be. */
export async function refuseBegin(
  http: SsoHttp,
  request: Request,
  response: Response,
  visit: SignInVisit,
  reason: string,
  checks: readonly Check[] = [{ rule: reason, passed: false }],
): Promise<void> {
  const result = { accepted: false as const, reason, checks };
  const finished = await arrive(http, request, response, { ...visit, result });
  sendFinished(http, request, response, visit.tenant, finished);
}
