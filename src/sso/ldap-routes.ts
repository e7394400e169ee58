import type { Request, RequestHandler, Response } from 'express';
import { fromOwnPage } from '../lti/http.ts';
import { DomainError } from '../platform/errors.ts';
import { formBody } from '../platform/http/body.ts';
import { contextOf, forPeople } from '../platform/http/request-context.ts';
import {
  arrive,
  choiceAddress,
  connectionOfRequest,
  refuseSignIn,
  type SsoHttp,
  sendFinished,
  sendPage,
  setCookies,
  tenantOfRequest,
} from './http.ts';
import { listOpenIdentities, openIdentity } from './identities/identities.ts';
import type { Directories } from './ldap/ldap.ts';
import { type DirectorySettings, directorySettings } from './ldap/settings.ts';
import { type PasswordPageOptions, passwordPage } from './pages/password-page.ts';
import { keepRequest, newRequestHandle, takeRequest } from './requests/requests.ts';
import type { SignInVisit } from './visit.ts';

/** Largest form: a name and a password of a thousand letters. In bytes. */
const formLimit = 16 * 1024;

export interface DirectorySignIn {
  directories: Directories;
  /** Networks outside the public internet in which directories may stand, as the operator says; CIDR. */
  networks: readonly string[];
}

/** Shows the form for user name and password. It is good for one try in this browser. */
export async function showPasswordForm(
  http: SsoHttp,
  request: Request,
  response: Response,
  { tenant, identity, returnTo, isTest }: SignInVisit,
  more: Pick<PasswordPageOptions, 'username' | 'refused'> = {},
): Promise<void> {
  const handle = newRequestHandle();
  const kept = { identity, expectations: {}, returnTo, isTest };
  setCookies(response, await keepRequest(http.services, tenant.tenantId, handle, kept));
  const ways = await listOpenIdentities(http.services.db.tenant(tenant.tenantId));
  const others = ways.length > 1 ? choiceAddress(tenant.slug, returnTo) : undefined;
  const action = `/t/${tenant.slug}/sign-in/${identity.connectionId}`;
  const options = { ...more, school: tenant.name, name: identity.name, handle, action, others };
  sendPage(http, request, response, tenant, (page) => passwordPage(page, options), 'own');
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
    if (identity.protocol !== 'ldap') {
      throw new DomainError(
        'not_found',
        'identity_unknown',
        'Passwords are not taken by this way of signing in.',
      );
    }
    const cookieHeader = request.headers.cookie;
    const taken = await takeRequest(services, tenantId, connectionId, { handle, cookieHeader });
    if (!taken.ok) return refuseSignIn(http, request, response, { tenant, identity, reason: taken.reason });
    const { returnTo, isTest } = taken.request;
    const settings = reading(directorySettings.parse(identity.settings), identity.matchAttribute);
    const result = await directories.signIn(
      { tenantId, connectionId, version: identity.version, settings, networks },
      { username: text(username), password: text(password), address: request.ip ?? '' },
    );
    const finished = await arrive(http, request, response, { tenant, identity, result, returnTo, isTest });
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

/** The attribute by which people are matched is read as well, whether or not the settings name it. */
function reading(settings: DirectorySettings, matchAttribute: string | null): DirectorySettings {
  // RFC 4512 §1.4. `dn` is what the LDAP client calls the name of an entry, which is there always.
  if (matchAttribute === null || !/^(?!dn$)[a-z][a-z0-9-]{0,63}$/i.test(matchAttribute)) return settings;
  const { attributes } = settings;
  return { ...settings, attributes: { ...attributes, others: [...attributes.others, matchAttribute] } };
}

/** A field of the form as text; a repeated one is none. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
