import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { Run } from '../run.ts';
import { decideQuietEnd } from '../schedule/quiet.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { findSource, type StoredSource } from '../sources/source-store.ts';
import { mostFailures } from './failure.ts';
import { newToken } from './lease.ts';
import { endFailed, giveUp } from './move.ts';
import { areOthersWaiting, forRoom } from './room.ts';
import { lockRun, type StoredRun, saveRun } from './run-store.ts';
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
export async function claimRun(
  deps: SyncServices,
  tenantId: TenantId,
  runId: RunId,
): Promise<Claim | undefined> {
  const { runsPerTenant, leaseMs } = limitsOf(deps);
  const now = new Date(deps.clock.now());
  const othersWait = await areOthersWaiting(deps, runId);
  return deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const open = await listOpenRuns(tx, now);
    if (decideTurn(open, runId, runsPerTenant) === 'wait') return undefined;
    const run = await lockRun(tx, runId);
    const source = run && (await findSource(tx, run.connectionId));
    if (run === undefined || source === undefined) return undefined;
    const instead = planInstead(run, source, { now, othersWait });
    if (instead !== undefined) return leave(deps, tx, instead);
    const token = newToken();
    const { tries, failures, progress } = run;
    const taken = { tries: tries + 1, failures: failures + 1, notBefore: null, reason: null, advice: null };
    await saveRun(tx, { ...run, ...taken });
    await takeLease(tx, runId, token, leaseMs);
    return { token, rows: rowsOf(progress) };
  });
}

/** What becomes of a run whose turn has come, where it is not taken up; undefined: it is. */
function planInstead(
  run: StoredRun,
  { status, schedule }: Pick<StoredSource, 'status' | 'schedule'>,
  { now, othersWait }: { now: Date; othersWait: boolean },
): StoredRun | undefined {
  // What has begun to be applied is brought to its end.
  if (status === 'disabled' && run.state !== 'applying')
    return giveUp(run, 'cancelled', 'roster_disabled', now);
  if (run.failures >= mostFailures) {
    const advice =
      'The copies of the hub that worked on it broke off again and again. Ask its operator, who finds out why in their logs.';
    return endFailed(run, { outcome: 'failed_hub', reason: 'run_breaks_off', advice }, now);
  }
  if (run.state !== 'requested') return undefined;
  const quietEnd = decideQuietEnd(schedule, now.getTime());
  if (quietEnd !== undefined) return { ...run, notBefore: new Date(quietEnd), reason: 'quiet_hours' };
  return othersWait ? { ...run, ...forRoom(now) } : undefined;
}

async function leave(deps: SyncServices, tx: TenantTx, run: StoredRun): Promise<undefined> {
  await saveRun(tx, run);
  if (run.endedAt !== null) await wakeRuns(deps, tx);
}

/** Rows of all entities that were read so far. */
export function rowsOf(progress: Run['progress']): number {
  return Object.values(progress).reduce((total, { rows }) => total + rows, 0);
}
