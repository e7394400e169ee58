import type { Request } from 'express';
import { DomainError } from '../platform/errors.ts';
import { refuseBegin } from './begin.ts';
import {
  arrive,
  connectionOfRequest,
  goTo,
  refuseSignIn,
  type SsoHttp,
  sendFinished,
  setCookies,
  type TenantReach,
  tenantOfRequest,
} from './http.ts';
import { openIdentity } from './identities/identities.ts';
import { toOidcConnection } from './oidc/connection.ts';
import { hashEnded } from './oidc/logout.ts';
import type { Oidc } from './oidc/oidc.ts';
import type { OidcHttp, OidcVisit } from './oidc/routes.ts';
import { useOnce } from './requests/once-store.ts';
import { keepRequest, newRequestHandle, takeRequest } from './requests/requests.ts';
import { openPartner } from './sessions/partner.ts';
import { endByPartner } from './sessions/partner-end.ts';
import type { SignInWay } from './visit.ts';

/** Signing in and out by OpenID Connect. */
export function createOidcWay(http: SsoHttp, oidc: Oidc): SignInWay {
  const { services } = http;
  const { baseUrl } = services;
  return {
    begin: async (request, response, visit) => {
      const { tenant, identity } = visit;
      const handle = newRequestHandle();
      const started = await oidc.start(toOidcConnection(tenant, identity, baseUrl), handle);
      if (!started.ok) {
        return refuseBegin(http, request, response, visit, started.reason, started.checks);
      }
      const { location, expectations } = started;
      setCookies(response, await keepRequest(services, tenant.tenantId, handle, { ...visit, expectations }));
      goTo(response, location);
    },
    signOut: async (_request, response, { tenant, identity, sessionId }) => {
      const connection = toOidcConnection(tenant, identity, baseUrl);
      const session = await openPartner(services, tenant.tenantId, sessionId);
      const location = await oidc.logoutAddress(connection, session);
      return location === undefined ? undefined : () => goTo(response, location);
    },
  };
}

/** What the endpoints of OpenID Connect are given of signing in as a whole. */
export function createOidcHttp(http: SsoHttp, oidc: Oidc): OidcHttp {
  const { services } = http;
  const { db, clock } = services;
  return {
    oidc,
    baseUrl: services.baseUrl,
    visit: (request, reach) => oidcOfRequest(http, request, reach),
    takeRequest: ({ tenant, identity }, handle, cookieHeader) =>
      takeRequest(services, tenant.tenantId, identity.connectionId, { handle, cookieHeader }),
    finish: async (request, response, { tenant, identity, taken, result }) => {
      const { returnTo, isTest, console } = taken.request;
      const answered = { tenant, identity, result, returnTo, isTest, console };
      const finished = await arrive(http, request, response, answered);
      setCookies(response, taken.cookie);
      sendFinished(http, request, response, tenant, finished);
    },
    refuse: (request, response, { tenant, identity }, reason) =>
      refuseSignIn(http, request, response, { tenant, identity, reason }),
    endSessions: ({ tenant, identity: { connectionId } }, ended, oneTime) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        if (!(await useOnce(tx, { connectionId, ...oneTime }))) return false;
        const choice = hashEnded(ended);
        const { endAdmins } = http;
        if (choice !== undefined)
          await endByPartner(tx, { connectionId, ...choice }, { now: clock.now(), endAdmins });
        return true;
      }),
  };
}

async function oidcOfRequest(http: SsoHttp, request: Request, reach: TenantReach): Promise<OidcVisit> {
  const { services } = http;
  const tenant = await tenantOfRequest(http, request, reach);
  const tx = services.db.tenant(tenant.tenantId);
  const identity = await openIdentity(services, tx, connectionOfRequest(request));
  if (identity.protocol === 'oidc') return { tenant, identity };
  const message = 'There is no OpenID Connect connection at this address.';
  throw new DomainError('not_found', 'identity_unknown', message);
}
