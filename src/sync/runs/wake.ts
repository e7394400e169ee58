import type { TenantTx } from '../../platform/db.ts';
import type { SyncServices } from '../services.ts';
import { workRosterRun } from './queues.ts';
import { listReady } from './turn.ts';
import { listOpenRuns } from './turn-store.ts';

/** Tells the workers of the tenant's runs whose turn may have come, in the transaction that has let it come. */
export async function wakeRuns(
  { enqueue, clock }: Pick<SyncServices, 'enqueue' | 'clock'>,
  tx: TenantTx,
): Promise<void> {
  const open = await listOpenRuns(tx, new Date(clock.now()));
  for (const { runId } of listReady(open).slice(0, 10)) {
    await enqueue(tx, workRosterRun, { tenantId: tx.tenantId, runId }, { singletonKey: runId });
  }
}
