import { type RequestHandler, Router } from 'express';
import { fromOwnPage } from '../lti/http.ts';
import { formBody } from '../platform/http/body.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../platform/http/request-context.ts';
import { connectionOfRequest, type SsoHttp, sendPage, sendRefusal, tenantOfRequest } from './http.ts';
import { getIdentity, openIdentity } from './identities/identities.ts';
import { testLinkPage } from './pages/test-link-page.ts';
import { signInReason } from './reasons.ts';
import { takeTestLink, testPath } from './requests/test-link.ts';
import { decideReturnTo } from './return-to.ts';
import type { SignInWays } from './visit.ts';

/** In bytes: the form has nothing in it. */
const formLimit = 1024;

/** Test sign-ins, begun by the address that an operator has made. */
export function createTestLinkRouter(http: SsoHttp, ways: SignInWays): Router {
  const router = Router();
  endpoint(router, '/t/:slug/sign-in/:connectionId/test/:handle', {
    get: [forPeople, show(http)],
    post: [forPeople, formBody(formLimit), fromOwnPage(http.services.baseUrl), start(http, ways)],
  });
  return router;
}

function show(http: SsoHttp): RequestHandler {
  const { db } = http.services;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const { connectionId, name } = await getIdentity(
      db.tenant(tenant.tenantId),
      connectionOfRequest(request),
    );
    const action = testPath(tenant.slug, connectionId, encodeURIComponent(String(request.params.handle)));
    sendPage(http, request, response, tenant, (page) =>
      testLinkPage(page, { school: tenant.name, name, action }),
    );
  };
}

function start(http: SsoHttp, ways: SignInWays): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const { tenantId } = tenant;
    const connectionId = connectionOfRequest(request);
    const identity = await openIdentity(services, services.db.tenant(tenantId), connectionId);
    const isGood = await takeTestLink(services, tenantId, connectionId, request.params.handle);
    if (!isGood || identity.status === 'disabled') {
      const reason = signInReason(identity.protocol, isGood ? 'connection_closed' : 'test_link_used');
      const { reference } = contextOf(response);
      return sendRefusal(http, request, response, { tenant, reason, reference });
    }
    const returnTo = decideReturnTo(tenant.slug, undefined);
    await ways[identity.protocol].begin(request, response, { tenant, identity, returnTo, isTest: true });
  };
}
