import { type Request, type RequestHandler, type Response, Router } from 'express';
import { fromOwnPage } from '../../lti/http.ts';
import type { PortalLaunches } from '../../lti/portal-launch.ts';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../../platform/http/request-context.ts';
import { chooseLanguage } from '../../platform/i18n.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { goTo, type SsoHttp, sendPage, tenantOfRequest } from '../http.ts';
import { type PortalPageOptions, portalPage } from '../pages/portal-page.ts';
import type { Session } from '../sessions/session.ts';
import { findSession } from '../sessions/sessions.ts';
import { planLaunch } from './launch.ts';
import { type Portal, readPortal } from './read-portal.ts';
import { type PortalChoice, planView } from './view.ts';

/** Largest form of the portal, in bytes: two ids. */
const formLimit = 4 * 1024;

/** A person's classes and tools, and opening them. */
export function createPortalRouter(http: SsoHttp, launches: PortalLaunches): Router {
  const router = Router();
  endpoint(router, '/t/:slug/portal', { get: [forPeople, show(http, launches)] });
  endpoint(router, '/t/:slug/portal/launch', {
    // A reload, or the way back after signing in again.
    get: [
      forPeople,
      async (request, response) => goTo(response, portalOf(await tenantOfRequest(http, request))),
    ],
    post: [forPeople, formBody(formLimit), fromOwnPage(http.services.baseUrl), launch(http, launches)],
  });
  return router;
}

function portalOf({ slug }: Tenant): string {
  return `/t/${slug}/portal`;
}

function show(http: SsoHttp, launches: PortalLaunches): RequestHandler {
  return async (request, response) => {
    const visit = await enter(http, launches, request, response, request.originalUrl);
    if (visit !== undefined) send(http, request, response, visit, choiceOf(request.query));
  };
}

function launch(http: SsoHttp, launches: PortalLaunches): RequestHandler {
  return async (request, response) => {
    const visit = await enter(http, launches, request, response, undefined);
    if (visit === undefined) return;
    const { tenant, session, language } = visit;
    const { reference } = contextOf(response);
    const form = request.body as Record<string, unknown>;
    const refuse = (portal: Portal, what: 'tool' | 'class') => {
      contextOf(response).facts.code = `portal_${what}_gone`;
      response.status(409);
      send(http, request, response, { tenant, portal }, choiceOf({ class: form.class }), { what, reference });
    };
    const planned = planLaunch(visit.portal, session, form);
    if (planned === undefined) return refuse(visit.portal, 'class');
    const returnUrl = `${http.services.baseUrl}${portalOf(tenant)}`;
    const about = { tenant, returnUrl, locale: language, reference };
    if ((await launches.open(request, response, { ...planned, ...about })) === undefined) return;
    // What has changed is known by now.
    refuse(await readPortal(http.services, launches, tenant.tenantId, session, language), 'tool');
  };
}

/** Somebody at the portal of their institution. */
interface Visit {
  tenant: Tenant;
  session: Session;
  language: ReturnType<typeof chooseLanguage>;
  portal: Portal;
}

/** Whoever is not signed in, or not any more, goes to do so; the answer is given then. */
async function enter(
  http: SsoHttp,
  launches: PortalLaunches,
  request: Request,
  response: Response,
  returnTo: string | undefined,
): Promise<Visit | undefined> {
  const tenant = await tenantOfRequest(http, request);
  const session = await findSession(http.services, tenant.tenantId, request.headers.cookie);
  if (session === undefined) {
    const query = new URLSearchParams({ returnTo: returnTo ?? portalOf(tenant) });
    goTo(response, `/t/${tenant.slug}/sign-in?${query}`);
    return undefined;
  }
  const acceptLanguage = request.get('accept-language');
  const language = chooseLanguage({ acceptLanguage, fallback: tenant.locale });
  const portal = await readPortal(http.services, launches, tenant.tenantId, session, language);
  return { tenant, session, language, portal };
}

function send(
  http: SsoHttp,
  request: Request,
  response: Response,
  { tenant, portal }: Pick<Visit, 'tenant' | 'portal'>,
  choice: PortalChoice,
  refused?: PortalPageOptions['refused'],
): void {
  const options: PortalPageOptions = {
    school: tenant.name,
    name: portal.name,
    view: planView(portal, choice),
    portal: portalOf(tenant),
    signOut: `/t/${tenant.slug}/sign-out`,
    gradesWait: portal.gradesWait,
    refused,
  };
  sendPage(http, request, response, tenant, (page) => portalPage(page, options));
}

function choiceOf(query: Readonly<Record<string, unknown>>): PortalChoice {
  const page = typeof query.page === 'string' && /^\d{1,4}$/.test(query.page) ? Number(query.page) : 1;
  return {
    class: typeof query.class === 'string' ? query.class : undefined,
    tools: query.tools !== undefined,
    page,
  };
}
