import type { consoleEndpoints } from '../../contracts/http/console-endpoints.ts';
import type { SyncServices } from '../sync/sync.ts';
import { auditHandlers } from './audit/audit-handlers.ts';
import { gradeHandlers } from './grades/grade-handlers.ts';
import { type HubServices, hubHandlers } from './jobs/hub-handlers.ts';
import { launchHandlers } from './launches/launch-handlers.ts';
import { hubLmsHandlers } from './lms/hub-lms-handlers.ts';
import { lmsHandlers } from './lms/lms-handlers.ts';
import { boardHandlers } from './onboardings/board-handlers.ts';
import { partnerHandlers } from './partners/partner-handlers.ts';
import { reviewHandlers } from './people-review/review-handlers.ts';
import { followHandlers } from './rosters/follow-run.ts';
import type { Handlers } from './router.ts';
import { tenantHandlers } from './tenants/tenant-handlers.ts';
import { tokenHandlers } from './tokens/token-handlers.ts';
import { enablementHandlers } from './tools/enablement-handlers.ts';
import { policyHandlers } from './tools/policy-handlers.ts';
import { type ToolServices, toolHandlers } from './tools/tool-handlers.ts';

export interface ConsoleServices extends ToolServices, HubServices {
  sync: Pick<SyncServices, 'connectors' | 'enqueue'>;
}

/** What is done for the endpoints that people at the console work with. */
export function consoleHandlers(services: ConsoleServices): Handlers<typeof consoleEndpoints> {
  const { db, clock, sync } = services;
  return {
    ...tenantHandlers(db, services.secrets),
    ...boardHandlers(db, clock),
    ...launchHandlers(db),
    ...gradeHandlers(db, sync),
    ...reviewHandlers(db),
    ...toolHandlers(services),
    ...enablementHandlers(services),
    ...policyHandlers(db),
    ...lmsHandlers(services),
    ...hubLmsHandlers(services),
    ...tokenHandlers(db),
    ...auditHandlers(db),
    ...partnerHandlers(db, sync),
    ...hubHandlers(services),
    ...followHandlers(db, clock),
  };
}
