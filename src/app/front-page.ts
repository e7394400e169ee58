import { Router } from 'express';
import type { createPageEnvironments } from '../lti/pages/environment.ts';
import { frontPage } from '../lti/pages/front-page.ts';
import { pageHeaders } from '../lti/pages/headers.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { chooseLanguage } from '../platform/i18n.ts';

/** `GET /`: for whoever follows the hub's address by hand. */
export function createFrontRouter(pages: ReturnType<typeof createPageEnvironments>): Router {
  const router = Router();
  endpoint(router, '/', {
    get: (request, response) => {
      const page = pages(chooseLanguage({ acceptLanguage: request.get('Accept-Language') }));
      response.set(pageHeaders({ frameAncestors: ["'none'"] })).send(frontPage(page).text);
    },
  });
  return router;
}
