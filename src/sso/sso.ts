import { type RequestHandler, Router } from 'express';
import type { LaunchDirectory } from '../lti/directory.ts';
import type { Assets } from '../lti/pages/assets.ts';
import type { PortalLaunches } from '../lti/portal-launch.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPeople } from '../platform/http/request-context.ts';
import type { Queue, Worker } from '../platform/jobs/queue.ts';
import { connectionOfRequest, refuseSignIn, type SsoHttp, tenantOfRequest } from './http.ts';
import { openIdentity } from './identities/identities.ts';
import { showPasswordForm, takePassword } from './ldap-routes.ts';
import { createSignInPages } from './pages/environment.ts';
import { createPortalRouter } from './portal/portal.ts';
import { createProtocols, type ProtocolOptions } from './protocols.ts';
import { decideReturnTo } from './return-to.ts';
import { createSignInRouter } from './routes.ts';
import type { SsoServices } from './services.ts';
import { sessionQueues, sessionWorkers } from './sessions/directory-check.ts';
import { createTestLinkRouter } from './test-link-routes.ts';
import type { BeginSignIn } from './visit.ts';

export interface SsoOptions extends Omit<SsoServices, 'protocols'>, ProtocolOptions {
  directory: Pick<LaunchDirectory, 'tenantBySlug'>;
  assets: Assets;
  /** Opens tools for whoever is signed in; without it there is no portal. */
  portalLaunches?: PortalLaunches;
}

/** Signing in without an LMS, ready to mount. */
export interface Sso {
  services: SsoServices;
  routers: Router[];
  workers: Worker[];
  /** Lets sign-ins under way end and closes connections to directories. */
  close(): Promise<void>;
}

/** What this feature does in the background. */
export const ssoQueues: readonly Queue[] = sessionQueues;

export function createSso(options: SsoOptions): Sso {
  const { db, clock, log, secrets, directoryNetworks: networks } = options;
  const protocols = createProtocols(options);
  const { directories } = protocols;
  const services: SsoServices = { ...options, protocols: protocols.terms };
  const http: SsoHttp = { services, pages: createSignInPages(options.assets), directory: options.directory };
  const start: BeginSignIn = (...visit) => showPasswordForm(http, ...visit);
  const router = Router();
  endpoint(router, '/t/:slug/sign-in/:connectionId', {
    get: [forPeople, begin(http, start)],
    post: takePassword(http, { directories, networks }),
  });
  const { portalLaunches } = options;
  const portal = portalLaunches === undefined ? [] : [createPortalRouter(http, portalLaunches)];
  return {
    services,
    routers: [createSignInRouter(http), router, createTestLinkRouter(http, start), ...portal],
    workers: sessionWorkers({ db, clock, log, secrets, directories, networks }),
    close: () => protocols.close(),
  };
}

/** Begins to sign in by the connection of the address. */
function begin(http: SsoHttp, start: BeginSignIn): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const identity = await openIdentity(
      services,
      services.db.tenant(tenant.tenantId),
      connectionOfRequest(request),
    );
    if (identity.status !== 'active') {
      return refuseSignIn(http, request, response, { tenant, identity, reason: 'connection_closed' });
    }
    const returnTo = decideReturnTo(tenant.slug, request.query.returnTo);
    await start(request, response, { tenant, identity, returnTo, isTest: false });
  };
}
