import { Router } from 'express';
import { endpoints } from '../../contracts/http/endpoints.ts';
import type { OperatorServices } from '../operators/services.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { forPrograms } from '../platform/http/request-context.ts';
import type { SsoOperation } from '../sso/services.ts';
import { limitsOf, type SyncServices } from '../sync/sync.ts';
import { consoleHandlers } from './console-handlers.ts';
import { deploymentHandlers } from './deployments/deployment-handlers.ts';
import { createDescriptionRouter } from './description.ts';
import { chartHandlers } from './health/chart-handlers.ts';
import { healthHandlers } from './health/health-handlers.ts';
import { burdenHandlers } from './health-work/burden-handlers.ts';
import { calendarHandlers } from './health-work/calendar-handlers.ts';
import { hostHandlers } from './health-work/host-handlers.ts';
import { incidentHandlers } from './health-work/incident-handlers.ts';
import { onboardingHandlers } from './health-work/onboarding-handlers.ts';
import { probeHandlers } from './health-work/probe-handlers.ts';
import { readinessHandlers } from './health-work/readiness-handlers.ts';
import { targetHandlers } from './health-work/target-handlers.ts';
import { identityHandlers } from './identities/identity-handlers.ts';
import { signInHandlers } from './identities/sign-in-handlers.ts';
import { trustHandlers } from './identities/trust-handlers.ts';
import type { HubServices } from './jobs/hub-handlers.ts';
import { domainHandlers } from './lms/domain-handlers.ts';
import { invitationHandlers } from './lms/invitation-handlers.ts';
import { upkeepHandlers } from './lms/upkeep-handlers.ts';
import { accountHandlers } from './operators/account-handlers.ts';
import { adminHandlers } from './operators/admin-handlers.ts';
import { operatorHandlers } from './operators/operator-handlers.ts';
import { schoolHandlers } from './operators/school-handlers.ts';
import { type ConsoleOptions, sessionHandlers } from './operators/session-handlers.ts';
import { peopleHandlers } from './people/people-handlers.ts';
import { createReportRouter } from './reports/report-routes.ts';
import { createStatusRouter } from './reports/status-routes.ts';
import { overrideHandlers } from './rosters/override-handlers.ts';
import { runHandlers } from './rosters/run-handlers.ts';
import { sourceHandlers } from './rosters/source-handlers.ts';
import { createContractRouter, type RateLimit } from './router.ts';
import { handedHandlers } from './setup/handed-handlers.ts';
import { setupHandlers } from './setup/setup-handlers.ts';

export interface ApiOptions {
  db: Database;
  clock: Clock;
  sync: SyncServices;
  sso: SsoOperation;
  operators: OperatorServices;
  console: ConsoleOptions;
  /** How this copy is set up. */
  settings: HubServices['settings'];
  /** Addresses of partners may be on this machine: for the demo and tests. */
  allowLoopback: boolean;
  /** Of one address, whoever calls; 50 requests a second if not said. */
  addressLimit?: RateLimit;
  /** Of one token, or of one person, in this copy; 20 requests a second if not said. */
  tokenLimit?: RateLimit;
}

/** The HTTP API for operators' programs and for the console, and its description. */
export function createApi(options: ApiOptions): Router {
  const { db, clock, sync, sso, operators } = options;
  const handlers = {
    ...sourceHandlers(db, sync),
    ...runHandlers(db, sync),
    ...overrideHandlers(db, sync),
    ...identityHandlers(sso),
    ...trustHandlers(sso),
    ...signInHandlers(sso),
    ...peopleHandlers(db),
    ...healthHandlers({ db, clock }),
    ...chartHandlers({ db, clock }),
    ...calendarHandlers(db),
    ...onboardingHandlers(db),
    ...incidentHandlers(db),
    ...hostHandlers(db),
    ...probeHandlers(db),
    ...readinessHandlers(db),
    ...burdenHandlers(db),
    ...targetHandlers({ db, secrets: sso.secrets, allowLoopback: options.allowLoopback }),
    ...sessionHandlers(operators, options.console),
    ...accountHandlers(operators),
    ...operatorHandlers(operators),
    ...adminHandlers(operators),
    ...schoolHandlers(operators),
    ...deploymentHandlers(db),
    ...setupHandlers(db),
    ...handedHandlers(db),
    ...domainHandlers({ db, baseUrl: sso.baseUrl, fetch: sso.fetch }),
    ...upkeepHandlers({ db, secrets: sso.secrets }),
    ...invitationHandlers({ ...sso, clock, allowLoopback: options.allowLoopback }),
    ...consoleHandlers({ ...options, baseUrl: sso.baseUrl, secrets: sso.secrets }),
  };
  const router = Router({ caseSensitive: true });
  router.use('/api', forPrograms);
  router.use(createReportRouter({ db, clock }));
  router.use(createStatusRouter({ db, clock }));
  router.use(createDescriptionRouter());
  router.use(
    createContractRouter(endpoints, handlers, {
      db,
      clock,
      uploadBytes: limitsOf(sync).uploadBytes,
      addressLimit: options.addressLimit ?? { perSecond: 50, burst: 500 },
      tokenLimit: options.tokenLimit ?? { perSecond: 20, burst: 200 },
    }),
  );
  return router;
}
