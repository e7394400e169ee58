import type { Request, Response } from 'express';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { LaunchDirectory } from '../lti/directory.ts';
import { DomainError } from '../platform/errors.ts';
import type { Html } from '../platform/html.ts';
import { type HostCookie, serializeHostCookie } from '../platform/http/cookies.ts';
import { contextOf } from '../platform/http/request-context.ts';
import { chooseLanguage, type Language } from '../platform/i18n.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { AdmitAdmin, EndAdmins } from './admins.ts';
import { type Arrival, type Finished, finishSignIn } from './finish.ts';
import type { Identity } from './identities/identity.ts';
import type { SignInPage } from './pages/environment.ts';
import { type FormsLead, signInHeaders } from './pages/headers.ts';
import { refusedPage } from './pages/refused-page.ts';
import { testPage } from './pages/test-page.ts';
import type { SharedReason, SignInReason } from './reasons.ts';
import type { RefusalRows } from './refusal-rows.ts';
import { decideReturnTo } from './return-to.ts';
import type { SsoServices } from './services.ts';

/** What the routes of signing in are given. */
export interface SsoHttp {
  services: Omit<SsoServices, 'protocols'>;
  pages: (language: Language) => SignInPage;
  directory: Pick<LaunchDirectory, 'tenantBySlug'>;
  /** Bounds the rows that refusals leave; one for this copy. */
  refusalRows: RefusalRows;
  /** Lets admins into the console. */
  admitAdmin?: AdmitAdmin | undefined;
  /** Ends theirs there, as their institution's provider says. */
  endAdmins?: EndAdmins | undefined;
}

/** What the other side has answered, or why nothing could be asked; the rest is read from the request. */
export type Answered = Omit<Arrival, 'reference' | 'cookieHeader' | 'address'>;

/** Ends a sign-in, however it went; the caller answers. As `finishSignIn`. */
export function arrive(
  { services, refusalRows, admitAdmin }: SsoHttp,
  request: Request,
  response: Response,
  answered: Answered,
): Promise<Finished> {
  const { reference } = contextOf(response);
  const { ip: address, headers } = request;
  const arrival = { ...answered, reference, address, cookieHeader: headers.cookie };
  return finishSignIn({ ...services, refusalRows, admitAdmin }, arrival);
}

/** Whose requests are taken: sessions can be ended at a tenant that is paused too, and begun only at an active one. */
export type TenantReach = 'active' | 'any';

/** The tenant of the address. @throws DomainError not_found `tenant_unknown` */
export async function tenantOfRequest(
  { directory }: Pick<SsoHttp, 'directory'>,
  request: Request,
  reach: TenantReach = 'active',
): Promise<Tenant> {
  const slug = String(request.params.slug);
  const tenant = /^[a-z0-9-]{1,63}$/.test(slug) ? await directory.tenantBySlug(slug) : undefined;
  if (tenant !== undefined && (reach === 'any' || tenant.status === 'active')) return tenant;
  throw new DomainError('not_found', 'tenant_unknown', 'No institution has this address.');
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The connection of the address. @throws DomainError not_found `identity_unknown` */
export function connectionOfRequest(request: Request): ConnectionId {
  const id = String(request.params.connectionId);
  if (uuid.test(id)) return id as ConnectionId;
  throw new DomainError('not_found', 'identity_unknown', 'There is no such way of signing in here.');
}

/** Sends a page of signing in: nobody may frame it. @param forms where its forms lead */
export function sendPage(
  { pages, services }: SsoHttp,
  request: Request,
  response: Response,
  tenant: Tenant,
  render: (page: SignInPage) => Html,
  forms: FormsLead = 'onward',
): void {
  const acceptLanguage = request.get('accept-language');
  const page = pages(chooseLanguage({ acceptLanguage, fallback: tenant.locale }));
  const isLocal = services.baseUrl.startsWith('http:');
  response.set(signInHeaders({ forms, isLocal })).send(render(page).text);
}

export function setCookies(response: Response, ...cookies: readonly HostCookie[]): void {
  for (const cookie of cookies) response.append('Set-Cookie', serializeHostCookie(cookie));
}

/** To another page by GET, also after a POST. */
export function goTo(response: Response, location: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Location', location);
  response.status(303).end();
}

/** Shows why somebody was not let in. */
export function sendRefusal(
  http: SsoHttp,
  request: Request,
  response: Response,
  refusal: { tenant: Tenant; reason: SignInReason; reference: string; returnTo?: string },
): void {
  const { tenant, reason, reference, returnTo } = refusal;
  contextOf(response).facts.code = reason.code;
  response.status(reason.outcome === 'failed_hub' ? 500 : 400);
  const again = returnTo?.startsWith('/console') ? '/console' : choiceAddress(tenant.slug, returnTo);
  sendPage(
    http,
    request,
    response,
    tenant,
    (page) => refusedPage(page, { reason, reference, again }),
    'none',
  );
}

/** Where the ways of signing in are chosen, also when there is one only. */
export function choiceAddress(slug: string, returnTo: string | undefined, choose = ''): string {
  const query = new URLSearchParams({ choose, ...(returnTo !== undefined && { returnTo }) });
  return `/t/${slug}/sign-in?${query}`;
}

/** Ends a try that did not come to be answered by the other side: it is written down, and the person reads why. */
export async function refuseSignIn(
  http: SsoHttp,
  request: Request,
  response: Response,
  {
    tenant,
    identity,
    reason,
    returnTo = decideReturnTo(tenant.slug, request.query.returnTo),
  }: { tenant: Tenant; identity: Identity; reason: SharedReason; returnTo?: string },
): Promise<void> {
  const finished = await arrive(http, request, response, {
    tenant,
    identity,
    result: { accepted: false, reason, checks: [{ rule: reason, passed: false }] },
    returnTo,
    isTest: false,
    proven: false,
  });
  sendFinished(http, request, response, tenant, finished);
}

/** Answers with how a sign-in ended. */
export function sendFinished(
  http: SsoHttp,
  request: Request,
  response: Response,
  tenant: Tenant,
  finished: Finished,
): void {
  if (finished.kind === 'signed_in' || finished.kind === 'admitted') {
    setCookies(response, finished.cookie);
    goTo(response, finished.location);
  } else if (finished.kind === 'refused') {
    sendRefusal(http, request, response, { tenant, ...finished });
  } else {
    sendPage(http, request, response, tenant, (page) => testPage(page, finished.report), 'none');
  }
}
