import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import { findConnection } from '../connections/registrations.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import { defineQueue, type Worker, workOn } from '../platform/jobs/queue.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { listTenants } from '../tenants/tenants.ts';
import { connectionUnknown } from './pause.ts';
import {
  dueForComparison,
  listComparableConnections,
  type ReconcileServices,
  reconcileConnection,
} from './reconcile.ts';
import { removeOldScores } from './retention.ts';

/** One connection; without one, every connection that has something to compare. */
const whichConnection = z.union([
  z.strictObject({ tenantId: z.uuid(), connectionId: z.uuid() }),
  z.strictObject({}),
]);

/** Reads results back and compares them with what was delivered, once a day. */
export const reconcileGrades = defineQueue({
  name: 'reconcile_grades',
  payload: whichConnection,
  policy: 'short',
  expireSeconds: 1_800,
  schedule: '41 1 * * *',
});

/** Takes scores out of deliveries that ended long ago. */
export const removeScoresOfTheEnded = defineQueue({
  name: 'remove_old_scores',
  payload: z.strictObject({}),
  policy: 'short',
  expireSeconds: 3_600,
  schedule: '11 3 * * *',
});

export const reconcileQueues = [reconcileGrades, removeScoresOfTheEnded];

export interface ReconcileJobDeps extends ReconcileServices {
  db: Pick<Database, 'tenant' | 'withTenant' | 'directory'>;
  /** Puts the job of one connection in, inside the transaction given. */
  enqueue(
    tx: TenantTx,
    queue: typeof reconcileGrades,
    payload: { tenantId: TenantId; connectionId: ConnectionId },
    options: { singletonKey: string },
  ): Promise<unknown>;
}

/** What of grades is done once a day. */
export function reconcileWorkers(deps: ReconcileJobDeps): Worker[] {
  return [
    workOn(reconcileGrades, async (which, { signal }) => {
      if (!('tenantId' in which)) return fanOut(deps, signal);
      await reconcileConnection(deps, which.tenantId as TenantId, which.connectionId as ConnectionId, signal);
    }),
    workOn(removeScoresOfTheEnded, async (_payload, { signal }) => {
      for (const { tenantId } of await listTenants(deps.db.directory)) {
        if (signal.aborted) return;
        await removeOldScores(deps, tenantId, signal);
      }
    }),
  ];
}

/**
 * Has the results of one connection compared soon, and not only at night: those that were not within a day. Asked for twice,
 * it is done once.
 *
 * @throws DomainError not_found `connection_unknown`
 */
export async function requestComparison(
  tx: TenantTx,
  { enqueue }: Pick<ReconcileJobDeps, 'enqueue'>,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<void> {
  if ((await findConnection(tx, connectionId)) === undefined) throw connectionUnknown(connectionId);
  const { tenantId } = tx;
  await enqueue(tx, reconcileGrades, { tenantId, connectionId }, { singletonKey: connectionId });
  const subject = `connection:${connectionId}`;
  await recordAudit(tx, { ...by, action: 'grade_results.comparison_requested', subject });
}

/** A job for each connection, so that copies share them and a slow LMS holds up no other. */
async function fanOut({ db, clock, enqueue }: ReconcileJobDeps, signal: AbortSignal): Promise<void> {
  const due = dueForComparison(clock.now());
  for (const { tenantId } of await listTenants(db.directory)) {
    if (signal.aborted) return;
    await db.withTenant(tenantId, async (tx) => {
      for (const connectionId of await listComparableConnections(tx, due)) {
        await enqueue(tx, reconcileGrades, { tenantId, connectionId }, { singletonKey: connectionId });
      }
    });
  }
}
