import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '../platform/errors.ts';
import { findCookie, serializeHostCookie } from '../platform/http/cookies.ts';
import { contextOf } from '../platform/http/request-context.ts';
import { chooseLanguage, type Language } from '../platform/i18n.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { BrowserRequest } from './binding.ts';
import type { PageEnvironment } from './pages/environment.ts';
import { reasonPage } from './pages/error-page.ts';
import { pageHeaders } from './pages/headers.ts';
import { reason } from './reasons.ts';
import type { Reply } from './replies.ts';
import type { LtiServices } from './services.ts';

/** What the routes of both legs are given beside the services. */
export interface LtiHttp {
  services: LtiServices;
  pages: (language: Language) => PageEnvironment;
}

/** Who acts, in status numbers: what the person or the LMS sent is wrong, or the hub is. */
const refusedStatus = {
  user_error: 400,
  failed_config: 400,
  failed_partner: 400,
  failed_hub: 500,
  expired_unknown: 400,
};

/** Sends what a flow decided. Cookies, page headers and language are settled here, for both legs. */
export function sendReply({ pages }: LtiHttp, request: Request, response: Response, reply: Reply): void {
  const cookies = 'cookies' in reply ? (reply.cookies ?? []) : [];
  for (const cookie of cookies) {
    response.append('Set-Cookie', serializeHostCookie({ ...cookie, sameSite: 'None' }));
  }
  if (reply.kind === 'redirect') {
    response.setHeader('Cache-Control', 'no-store');
    // No body: browsers follow the address, and `response.redirect` would negotiate one at every launch.
    response.status(request.method === 'POST' ? 303 : 302);
    response.setHeader('Location', new URL(reply.url).href);
    response.end();
    return;
  }
  const acceptLanguage = request.get('accept-language');
  const page = pages(
    chooseLanguage({ localeClaim: reply.locale, acceptLanguage, fallback: reply.tenantLocale }),
  );
  const frames = reply.kind === 'page' && reply.frames !== undefined ? { frames: reply.frames } : {};
  response.set(pageHeaders({ frameAncestors: reply.frameAncestors, ...frames }));
  if (reply.kind === 'refused') {
    contextOf(response).facts.code = reply.reason;
    response.status(refusedStatus[reason(reply.reason).outcome]);
    response.send(
      reasonPage(page, { code: reply.reason, reference: reply.reference, family: reply.family }).text,
    );
    return;
  }
  response.send(reply.render(page).text);
}

/** What a request says of its browser. */
export function browserOf({ services }: LtiHttp, request: Request): BrowserRequest {
  return {
    cookie: (name) => findCookie(request.headers.cookie, name),
    fetchDest: request.get('sec-fetch-dest'),
    ownPage: request.method === 'POST' && isFromOwnPage(request, services.baseUrl),
  };
}

/** Fetch metadata where the browser has it, else `Origin`; a browser that sends neither cannot show it. */
function isFromOwnPage(request: Request, baseUrl: string): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  return request.get('origin') === new URL(baseUrl).origin;
}

/** The parameters of a request by GET or POST. */
export function parametersOf(request: Request): Record<string, unknown> {
  return (request.method === 'POST' ? request.body : request.query) as Record<string, unknown>;
}

/** Lets a form through only from the hub's own pages: its handle must not be posted from elsewhere. */
export function fromOwnPage(baseUrl: string): RequestHandler {
  return (request, _response, next) => {
    if (isFromOwnPage(request, baseUrl)) return next();
    throw new DomainError('forbidden', 'other_site', 'Open this again from the page it belongs to.');
  };
}

/** The tenant a slug names. */
export async function tenantOf(
  { services }: { services: Pick<LtiServices, 'directory'> },
  slug: string,
): Promise<Tenant | undefined> {
  if (!/^[a-z0-9-]{1,63}$/.test(slug)) return undefined;
  const tenant = await services.directory.tenantBySlug(slug);
  return tenant?.status === 'active' ? tenant : undefined;
}
