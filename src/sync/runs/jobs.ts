import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { goOnLinking, linkRosterUsers } from '../../people/link.ts';
import { type Worker, workOn } from '../../platform/jobs/queue.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { listTenants } from '../../tenants/tenants.ts';
import type { SyncServices } from '../services.ts';
import { planRuns } from './plan-runs.ts';
import {
  goOnLinkingPeople,
  linkRosterPeople,
  planRosterRuns,
  removeOldRosterData,
  workRosterRun,
} from './queues.ts';
import { removeOldData } from './retention.ts';
import { findRun } from './run-store.ts';
import { workRun } from './work-run.ts';

/** Every queue of syncing. */
export const syncQueues = [
  workRosterRun,
  linkRosterPeople,
  goOnLinkingPeople,
  planRosterRuns,
  removeOldRosterData,
];

/** Runs that one copy works on at once: each holds up to three connections to the database while its rows are moved. */
const runsPerCopy = 4;

/** What syncing does in the background. */
export function syncWorkers(deps: SyncServices): Worker[] {
  return [
    workOn(workRosterRun, ({ tenantId, runId }, { signal }) => workRun(deps, tenantId, runId, signal), {
      concurrency: runsPerCopy,
      stopsAtOnce: true,
    }),
    workOn(linkRosterPeople, ({ tenantId, runId }, { signal }) => linkPeople(deps, tenantId, runId, signal)),
    workOn(goOnLinkingPeople, async ({ tenantId }, { signal }) => {
      await goOnLinking(deps.db, tenantId, { by: byJob(goOnLinkingPeople, deps), signal });
    }),
    workOn(planRosterRuns, (_payload, { signal }) => planRuns(deps, signal)),
    workOn(removeOldRosterData, async (_payload, { signal }) => {
      for (const { tenantId } of await listTenants(deps.db.directory)) {
        if (signal.aborted) return;
        await removeOldData(deps, tenantId, signal);
      }
    }),
  ];
}

/** Ties the users a run has brought, or taken back, to the people the hub knows. */
async function linkPeople(
  { db, clock }: Pick<SyncServices, 'db' | 'clock'>,
  tenantId: TenantId,
  runId: RunId,
  signal: AbortSignal,
): Promise<void> {
  const run = await findRun(db.tenant(tenantId), runId);
  if (run === undefined) return;
  const { connectionId, runNo, state } = run;
  const by = byJob(linkRosterPeople, { clock });
  // What was undone is as older runs left it, whose users were linked before.
  const again = state === 'undone';
  await linkRosterUsers(db, tenantId, connectionId, { runNo, again, by, signal });
}

const byJob = ({ name }: { name: string }, { clock }: Pick<SyncServices, 'clock'>): ChangeBy => ({
  actor: `job:${name}`,
  now: clock.now(),
});
