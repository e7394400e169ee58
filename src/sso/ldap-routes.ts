import type { Request, RequestHandler, Response } from 'express';
import { fromOwnPage } from '../lti/http.ts';
import { formBody } from '../platform/http/body.ts';
import { contextOf, forPeople } from '../platform/http/request-context.ts';
import type { Tenant } from '../tenants/tenants.ts';
import { finishSignIn } from './finish.ts';
import {
  connectionOfRequest,
  type SsoHttp,
  sendFinished,
  sendPage,
  sendRefusal,
  setCookies,
  tenantOfRequest,
} from './http.ts';
import { openIdentity } from './identities/identities.ts';
import type { Identity } from './identities/identity.ts';
import type { Directories } from './ldap/ldap.ts';
import { directorySettings } from './ldap/settings.ts';
import { type PasswordPageOptions, passwordPage } from './pages/password-page.ts';
import { signInReason } from './reasons.ts';
import { keepRequest, newRequestHandle, takeRequest } from './requests/requests.ts';

/** Largest form: a name and a password of a thousand letters. In bytes. */
const formLimit = 16 * 1024;

export interface DirectorySignIn {
  directories: Directories;
  /** Networks outside the public internet in which directories may stand, as the operator says; CIDR. */
  networks: readonly string[];
}

/** What the page of one directory shows. */
export interface DirectoryVisit {
  tenant: Tenant;
  identity: Identity;
  returnTo: string;
  isTest: boolean;
}

/** Shows the form for user name and password. It is good for one try in this browser. */
export async function showPasswordForm(
  http: SsoHttp,
  request: Request,
  response: Response,
  { tenant, identity, returnTo, isTest }: DirectoryVisit,
  more: Pick<PasswordPageOptions, 'username' | 'refused'> = {},
): Promise<void> {
  const handle = newRequestHandle();
  const kept = { identity, expectations: {}, returnTo, isTest };
  setCookies(response, await keepRequest(http.services, tenant.tenantId, handle, kept));
  const others = `/t/${tenant.slug}/sign-in?choose&returnTo=${encodeURIComponent(returnTo)}`;
  const action = `/t/${tenant.slug}/sign-in/${identity.connectionId}`;
  sendPage(http, request, response, tenant, (page) =>
    passwordPage(page, { ...more, school: tenant.name, name: identity.name, handle, action, others }),
  );
}

/** Takes a user name and a password in. */
export function takePassword(http: SsoHttp, { directories, networks }: DirectorySignIn): RequestHandler[] {
  const { services } = http;
  const handler: RequestHandler = async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const { tenantId } = tenant;
    const connectionId = connectionOfRequest(request);
    const { handle, username, password } = request.body as Record<string, unknown>;
    const identity = await openIdentity(services, services.db.tenant(tenantId), connectionId);
    const cookieHeader = request.headers.cookie;
    const taken = await takeRequest(services, tenantId, connectionId, { handle, cookieHeader });
    const { reference } = contextOf(response);
    if (!taken.ok || identity.protocol !== 'ldap') {
      const reason = signInReason('ldap', taken.ok ? 'request_unknown' : taken.reason);
      return sendRefusal(http, request, response, { tenant, reason, reference });
    }
    const { returnTo, isTest } = taken.request;
    const settings = directorySettings.parse(identity.settings);
    const result = await directories.signIn(
      { tenantId, connectionId, version: identity.version, settings, networks },
      { username: text(username), password: text(password), address: request.ip ?? '' },
    );
    const arrival = { tenant, identity, result, returnTo, isTest, reference };
    const finished = await finishSignIn(services, arrival);
    setCookies(response, taken.cookie);
    // A mistake of the person's own is mended on the page where it was made.
    if (finished.kind === 'refused' && ['credentials', 'wait'].includes(finished.reason.texts)) {
      contextOf(response).facts.code = finished.reason.code;
      response.status(finished.reason.texts === 'wait' ? 429 : 401);
      const refused = { texts: finished.reason.texts, minutes: settings.attempts.windowMinutes };
      const visit = { tenant, identity, returnTo, isTest };
      return showPasswordForm(http, request, response, visit, { username: text(username), refused });
    }
    sendFinished(http, request, response, tenant, finished);
  };
  return [forPeople, formBody(formLimit), fromOwnPage(services.baseUrl), handler];
}

/** A field of the form as text; a repeated one is none. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
