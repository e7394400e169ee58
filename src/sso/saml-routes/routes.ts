import { type RequestHandler, Router } from 'express';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forPeople, forPrograms } from '../../platform/http/request-context.ts';
import { describeServiceProvider } from '../saml/metadata/service-provider.ts';
import { takeResponse } from './acs.ts';
import { formLimit } from './fields.ts';
import { type SamlHttp, samlOfRequest } from './services.ts';
import { takeLogout } from './slo.ts';

/** The endpoints that identity providers are told of. Signing in begins where it does for every protocol. */
export function createSamlRouter(http: SamlHttp): Router {
  const router = Router();
  const base = '/t/:slug/saml/:connectionId';
  const logout = takeLogout(http);
  // No check that a form is a page's of our own: all of them come from the sites of others, and are signed.
  const form = [forPeople, formBody(formLimit)];
  endpoint(router, `${base}/acs`, { post: [...form, takeResponse(http)] });
  endpoint(router, `${base}/slo`, { get: [forPeople, logout], post: [...form, logout] });
  endpoint(router, `${base}/metadata`, { get: [forPrograms, showMetadata(http)] });
  return router;
}

/** Our own metadata; it is there before anything is known of the identity provider, which is set up by it. */
function showMetadata(http: SamlHttp): RequestHandler {
  return async (request, response) => {
    const { tenant, identity } = await samlOfRequest(http, request);
    const { own } = await http.saml.open(tenant, identity);
    response.setHeader('Content-Type', 'application/samlmetadata+xml; charset=utf-8');
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end(describeServiceProvider(own));
  };
}
