import type { Router } from 'express';
import type { LaunchDirectory } from '../lti/directory.ts';
import type { Signer } from '../lti/keys/signer.ts';
import type { Assets } from '../lti/pages/assets.ts';
import type { PortalLaunches } from '../lti/portal-launch.ts';
import type { Queue, Worker } from '../platform/jobs/queue.ts';
import type { AdmitAdmin, EndAdmins } from './admins.ts';
import { type BeginForConsole, createBeginForConsole, createBeginRouter } from './begin.ts';
import type { SsoHttp } from './http.ts';
import { showPasswordForm, takePassword } from './ldap-routes.ts';
import { createOidc } from './oidc/oidc.ts';
import { createOidcRouter } from './oidc/routes.ts';
import { createOidcHttp, createOidcWay } from './oidc-routes.ts';
import { createSignInPages } from './pages/environment.ts';
import { createPortalRouter } from './portal/portal.ts';
import { createProtocols, type ProtocolOptions } from './protocols.ts';
import { createRefusalRows } from './refusal-rows.ts';
import { createSignInRouter } from './routes.ts';
import { samlQueues, samlWorkers } from './saml-connections/jobs.ts';
import { createSamlRouter } from './saml-routes/routes.ts';
import { createSamlHttp } from './saml-routes/services.ts';
import { createSamlWay } from './saml-routes/way.ts';
import type { SsoServices } from './services.ts';
import { sessionQueues, sessionWorkers } from './sessions/directory-check.ts';
import { createTestLinkRouter } from './test-link-routes.ts';
import type { SignInWays } from './visit.ts';

export interface SsoOptions extends Omit<SsoServices, 'protocols'>, ProtocolOptions {
  directory: Pick<LaunchDirectory, 'tenantBySlug'>;
  assets: Assets;
  /** Signs towards OpenID providers that want a key for a password. */
  signer: Pick<Signer, 'signingKey'>;
  /** Opens tools for whoever is signed in; without it there is no portal. */
  portalLaunches?: PortalLaunches;
  /** Lets institutions' admins into the console by their own sign-in; without it that is not offered. */
  admitAdmin?: AdmitAdmin;
  /** Ends their sessions at the console when they sign out at their institution. */
  endAdmins?: EndAdmins;
}

/** Signing in without an LMS, ready to mount. */
export interface Sso {
  services: SsoServices;
  routers: Router[];
  workers: Worker[];
  beginForConsole: BeginForConsole;
  /** Lets sign-ins under way end and closes connections to directories. */
  close(): Promise<void>;
}

/** What this feature does in the background. */
export const ssoQueues: readonly Queue[] = [...sessionQueues, ...samlQueues];

export function createSso(options: SsoOptions): Sso {
  const { db, clock, log, secrets, fetch, directoryNetworks: networks, portalLaunches } = options;
  const protocols = createProtocols(options);
  const { directories } = protocols;
  const services: SsoServices = { ...options, protocols: protocols.terms };
  const http: SsoHttp = {
    services,
    pages: createSignInPages(options.assets),
    directory: options.directory,
    refusalRows: createRefusalRows(clock),
    admitAdmin: options.admitAdmin,
    endAdmins: options.endAdmins,
  };
  const saml = createSamlHttp(http);
  const oidc = createOidc(options);
  const ways: SignInWays = {
    ldap: { begin: (...visit) => showPasswordForm(http, ...visit) },
    saml: createSamlWay(saml),
    oidc: createOidcWay(http, oidc),
  };
  return {
    services,
    routers: [
      createSignInRouter(http, ways),
      createBeginRouter(http, ways, takePassword(http, { directories, networks })),
      createTestLinkRouter(http, ways),
      createSamlRouter(saml),
      createOidcRouter(createOidcHttp(http, oidc)),
      ...(portalLaunches === undefined ? [] : [createPortalRouter(http, portalLaunches)]),
    ],
    workers: [
      ...sessionWorkers({ db, clock, log, secrets, directories, networks }),
      ...samlWorkers({ db, clock, log, fetch }),
    ],
    beginForConsole: createBeginForConsole(http, ways),
    close: () => protocols.close(),
  };
}
