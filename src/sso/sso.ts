import { type RequestHandler, Router } from 'express';
import type { LaunchDirectory } from '../lti/directory.ts';
import type { Assets } from '../lti/pages/assets.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../platform/http/request-context.ts';
import type { Queue, Worker } from '../platform/jobs/queue.ts';
import { createAttemptStore } from './attempt-store.ts';
import { connectionOfRequest, type SsoHttp, sendRefusal, tenantOfRequest } from './http.ts';
import { openIdentity } from './identities/identities.ts';
import { createDirectories } from './ldap/ldap.ts';
import { directorySettings } from './ldap/settings.ts';
import { showPasswordForm, takePassword } from './ldap-routes.ts';
import { createSignInPages } from './pages/environment.ts';
import { signInReason } from './reasons.ts';
import { decideReturnTo } from './return-to.ts';
import { createSignInRouter } from './routes.ts';
import type { SsoServices } from './services.ts';
import { sessionQueues, sessionWorkers } from './sessions/directory-check.ts';

export interface SsoOptions extends Omit<SsoServices, 'protocols'> {
  /** Lets directories and identity providers on this machine be reached: for demo and tests. */
  allowLoopback: boolean;
  /** Networks outside the public internet in which directories may stand; CIDR. */
  directoryNetworks: readonly string[];
  directory: Pick<LaunchDirectory, 'tenantBySlug'>;
  assets: Assets;
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

const protocols: SsoServices['protocols'] = {
  ldap: { settings: directorySettings, presets: ['generic', 'ad'] },
};

export function createSso(options: SsoOptions): Sso {
  const { db, clock, log, secrets, directoryNetworks: networks } = options;
  const services: SsoServices = { ...options, protocols };
  const http: SsoHttp = { services, pages: createSignInPages(options.assets), directory: options.directory };
  const attempts = createAttemptStore(db);
  const directories = createDirectories({ clock, log, attempts, allowLoopback: options.allowLoopback });
  const router = Router();
  endpoint(router, '/t/:slug/sign-in/:connectionId', {
    get: [forPeople, begin(http)],
    post: takePassword(http, { directories, networks }),
  });
  return {
    services,
    routers: [createSignInRouter(http), router],
    workers: sessionWorkers({ db, clock, log, secrets, directories, networks }),
    close: () => directories.close(),
  };
}

/** Begins to sign in by the connection of the address. */
function begin(http: SsoHttp): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const identity = await openIdentity(
      services,
      services.db.tenant(tenant.tenantId),
      connectionOfRequest(request),
    );
    const returnTo = decideReturnTo(tenant.slug, request.query.returnTo);
    if (identity.status !== 'active') {
      const reason = signInReason(identity.protocol, 'connection_closed');
      return sendRefusal(http, request, response, {
        tenant,
        reason,
        reference: contextOf(response).reference,
      });
    }
    await showPasswordForm(http, request, response, { tenant, identity, returnTo, isTest: false });
  };
}
