import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { Run } from '../run.ts';
import { decideQuietEnd } from '../schedule/quiet.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { findSource } from '../sources/source-store.ts';
import { newToken } from './lease.ts';
import { end } from './move.ts';
import { lockRun, saveRun } from './run-store.ts';
import { decideTurn } from './turn.ts';
import { listOpenRuns, lockTurns, takeLease } from './turn-store.ts';
import { wakeRuns } from './wake.ts';

/** A run that this copy holds. */
export interface Claim {
  token: string;
  /** Rows that were read when it was taken up. */
  rows: number;
}

/**
 * Takes a run up, where its turn has come and nobody has it. A try counts as failed from its beginning, so that a run that
 * ends every copy that takes it up is given up in the end.
 */
export function claimRun(deps: SyncServices, tenantId: TenantId, runId: RunId): Promise<Claim | undefined> {
  const { runsPerTenant, leaseMs } = limitsOf(deps);
  const now = new Date(deps.clock.now());
  return deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const open = await listOpenRuns(tx, now);
    if (decideTurn(open, runId, runsPerTenant) === 'wait') return undefined;
    const run = await lockRun(tx, runId);
    const source = run && (await findSource(tx, run.connectionId));
    if (run === undefined || source === undefined) return undefined;
    if (run.state === 'requested') {
      if (source.status === 'disabled') {
        await saveRun(tx, end(run, 'cancelled', { outcome: 'suppressed', reason: 'roster_disabled' }, now));
        await wakeRuns(deps, tx);
        return undefined;
      }
      const quietEnd = decideQuietEnd(source.schedule, now.getTime());
      if (quietEnd !== undefined) {
        await saveRun(tx, { ...run, notBefore: new Date(quietEnd), reason: 'quiet_hours' });
        return undefined;
      }
    }
    const token = newToken();
    await saveRun(tx, { ...run, tries: run.tries + 1, failures: run.failures + 1, notBefore: null });
    await takeLease(tx, runId, token, leaseMs);
    return { token, rows: rowsOf(run.progress) };
  });
}

/** Rows of all entities that were read so far. */
export function rowsOf(progress: Run['progress']): number {
  return Object.values(progress).reduce((total, { rows }) => total + rows, 0);
}
