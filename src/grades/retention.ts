import type { DeliveryId, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { removeScores } from './retention-store.ts';

/** How long a score stays after its delivery has ended, in milliseconds. */
export const keepScoresForMs = 30 * 86_400_000;

const page = 5_000;

/**
 * Takes the scores out of a tenant's deliveries that ended long ago: comments are personal data. Page by page, each a
 * transaction of its own.
 *
 * @returns how many scores went
 */
export async function removeOldScores(
  services: { db: Pick<Database, 'tenant'>; clock: Clock },
  tenantId: TenantId,
  signal?: AbortSignal,
): Promise<number> {
  const tx = services.db.tenant(tenantId);
  const endedBefore = new Date(services.clock.now() - keepScoresForMs);
  let removed = 0;
  let after: DeliveryId | undefined;
  while (signal?.aborted !== true) {
    const done = await removeScores(tx, { endedBefore, after, most: page });
    removed += done.removed;
    after = done.last;
    if (done.seen < page) break;
  }
  return removed;
}
