import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { SyncServices } from '../services.ts';
import { removeUpload } from '../uploads/upload-store.ts';
import { removeEntityStates } from './entity-store.ts';
import { findRun, lockRun, markCleared } from './run-store.ts';

/**
 * Gives back what an ended run takes: its rows in staging, how far it had come, its package. A dry run's package stays for the
 * run that follows it, and goes after a day.
 */
export async function clearRun(
  { db, engine }: Pick<SyncServices, 'db' | 'engine'>,
  tenantId: TenantId,
  runId: RunId,
): Promise<void> {
  const run = await findRun(db.tenant(tenantId), runId);
  if (run === undefined || run.endedAt === null) return;
  await engine.release({ tenantId, runId });
  await db.withTenant(tenantId, async (tx) => {
    await removeEntityStates(tx, runId);
    if (run.uploadId !== null && !run.isDry) await removeUpload(tx, run.uploadId);
    await markCleared(tx, runId);
  });
}

/** Gives back the room in staging of a plan that waits: it is read again if it is approved. */
export async function clearHeld(
  { db, engine }: Pick<SyncServices, 'db' | 'engine'>,
  tenantId: TenantId,
  runId: RunId,
): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    // While its row is locked nobody approves it.
    const run = await lockRun(tx, runId);
    if (run?.state !== 'held') return;
    await engine.release({ tenantId, runId });
    await markCleared(tx, runId);
  });
}
