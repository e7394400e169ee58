import type { TenantId } from '../../../contracts/ids.ts';
import { entities } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { SyncServices } from '../services.ts';
import { removeOrphanedUploads } from '../uploads/upload-store.ts';
import { removeGoneRows, removeOldChanges, removeOldFindings } from './retention-store.ts';

const dayMs = 86_400_000;

/** How long findings stay after their run has ended, in milliseconds. */
export const keepFindingsForMs = 180 * dayMs;
/** How long what a run has changed can be undone, in milliseconds. */
export const keepChangesForMs = 180 * dayMs;
/** How long a package waits for a run, in milliseconds. */
const keepUploadsForMs = dayMs;

const batch = 5_000;

/**
 * Takes out what is past its time: findings, former values, removed rows, packages without a run. Batch by batch, each a
 * transaction of its own. Counts of runs stay for ever.
 *
 * @returns how many rows went
 */
export async function removeOldData(
  { db, clock }: Pick<SyncServices, 'db' | 'clock'>,
  tenantId: TenantId,
  signal?: AbortSignal,
): Promise<number> {
  const tx = db.tenant(tenantId);
  const now = clock.now();
  const untilDone = async (most: number, work: (tx: TenantTx) => Promise<number>): Promise<number> => {
    let total = 0;
    for (let removed = most; removed >= most && signal?.aborted !== true; total += removed)
      removed = await work(tx);
    return total;
  };
  let removed = await removeOrphanedUploads(tx, new Date(now - keepUploadsForMs));
  removed += await untilDone(20, (each) => removeOldFindings(each, new Date(now - keepFindingsForMs), 20));
  removed += await untilDone(batch, (each) =>
    removeOldChanges(each, new Date(now - keepChangesForMs), batch),
  );
  // What refers to others goes before them.
  for (const entity of entities.toReversed()) {
    removed += await untilDone(batch, (each) => removeGoneRows(each, entity, new Date(now), batch));
  }
  return removed;
}
