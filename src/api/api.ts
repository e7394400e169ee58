import { Router } from 'express';
import { endpoints } from '../../contracts/http/endpoints.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { forPrograms } from '../platform/http/request-context.ts';
import type { SsoOperation } from '../sso/services.ts';
import { limitsOf, type SyncServices } from '../sync/sync.ts';
import { createDescriptionRouter } from './description.ts';
import { healthHandlers } from './health/health-handlers.ts';
import { calendarHandlers } from './health-work/calendar-handlers.ts';
import { incidentHandlers } from './health-work/incident-handlers.ts';
import { onboardingHandlers } from './health-work/onboarding-handlers.ts';
import { identityHandlers } from './identities/identity-handlers.ts';
import { signInHandlers } from './identities/sign-in-handlers.ts';
import { trustHandlers } from './identities/trust-handlers.ts';
import { peopleHandlers } from './people/people-handlers.ts';
import { overrideHandlers } from './rosters/override-handlers.ts';
import { runHandlers } from './rosters/run-handlers.ts';
import { sourceHandlers } from './rosters/source-handlers.ts';
import { createContractRouter, type RateLimit } from './router.ts';

export interface ApiOptions {
  db: Database;
  clock: Clock;
  sync: SyncServices;
  sso: SsoOperation;
  /** Of one address, whoever calls; 50 requests a second if not said. */
  addressLimit?: RateLimit;
  /** Of one token, in this copy; 20 requests a second if not said. */
  tokenLimit?: RateLimit;
}

/** The HTTP API for operators' programs, and its description. */
export function createApi(options: ApiOptions): Router {
  const { db, clock, sync, sso } = options;
  const handlers = {
    ...sourceHandlers(db, sync),
    ...runHandlers(db, sync),
    ...overrideHandlers(db, sync),
    ...identityHandlers(sso),
    ...trustHandlers(sso),
    ...signInHandlers(sso),
    ...peopleHandlers(db),
    ...healthHandlers({ db, clock }),
    ...calendarHandlers(db),
    ...onboardingHandlers(db),
    ...incidentHandlers(db),
  };
  const router = Router({ caseSensitive: true });
  router.use('/api', forPrograms);
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
