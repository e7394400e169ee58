import { type RequestHandler, Router } from 'express';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../../platform/http/request-context.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { type LtiHttp, sendReply, tenantOf } from '../http.ts';
import { registerWithLms } from './register-with-lms.ts';

/** Where an LMS opens a set-up link: a tenant's, or the hub's own for all schools of a vendor. */
export function createRegistrationRouter(http: LtiHttp & { services: { fetch: OutboundFetch } }): Router {
  const { services } = http;
  const router = Router();

  const open =
    (ofTenant: boolean): RequestHandler =>
    async (request, response) => {
      const { slug, token } = request.params;
      const tenant = ofTenant ? await tenantOf(http, String(slug)) : undefined;
      const { reference } = contextOf(response);
      // Registering is more than looking: only a GET of a browser that follows the LMS does it.
      const parameters = request.method === 'GET' ? request.query : {};
      // The address holds the token.
      response.setHeader('Referrer-Policy', 'no-referrer');
      const isNobodys = ofTenant && tenant === undefined;
      const input = { tenant, token: isNobodys ? undefined : token, parameters, reference };
      sendReply(http, request, response, await registerWithLms(services, input));
    };

  endpoint(router, '/t/:slug/lti/register/:token', { get: [forPeople, open(true)] });
  endpoint(router, '/lti/register/:token', { get: [forPeople, open(false)] });
  return router;
}
