import { ConnectorError } from '../../../contracts/connector.ts';
import type { TenantTx } from '../../platform/db.ts';
import { isKnownFinding } from '../findings/findings.ts';
import { transition } from '../run.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { type Claim, rowsOf } from './claim.ts';
import { countFailedTry } from './failed-try-store.ts';
import { decideFailure, type FailureDecision } from './failure.ts';
import { addFindings } from './finding-store.ts';
import { Interrupted, type LeasedRun } from './lease.ts';
import { endFailed, giveUp, gotOn, move } from './move.ts';
import { workRosterRun } from './queues.ts';
import { getLockedRun } from './requests.ts';
import { forRoom } from './room.ts';
import { type StoredRun, saveRun } from './run-store.ts';
import { holdsLease } from './turn-store.ts';

/** Writes down why the work on a run ended before it was done, and when it goes on. */
export async function settle(
  deps: SyncServices,
  { tenantId, runId, token }: LeasedRun,
  claim: Claim,
  error: unknown,
): Promise<void> {
  await deps.db.withTenant(tenantId, async (tx) => {
    const locked = await getLockedRun(tx, runId);
    if (!(await holdsLease(tx, runId, token))) return;
    // A source that breaks off again and again is read to its end all the same.
    const run = rowsOf(locked.progress) > claim.rows ? { ...locked, ...gotOn } : locked;
    const now = new Date(deps.clock.now());
    if (error instanceof Interrupted) return saveRun(tx, interrupted(run, error, now));
    const decision = decideFailure(error, {
      failures: run.failures,
      setbacks: run.setbacks + 1,
      hasPackage: run.uploadId !== null,
    });
    if (decision.kind === 'again' || decision.kind === 'over') {
      const { reason } = decision;
      const ids = { tenantId, connectionId: run.connectionId, runId };
      deps.log.warn('roster_run_failed', { ...ids, reason, attempt: run.failures, error });
      await countFailedTry(tx, runId);
    }
    await saveRun(tx, afterFailure(run, decision, now));
    const waitMs = waitOf(decision, now.getTime());
    if (waitMs !== undefined) {
      const startAfterSeconds = Math.ceil(waitMs / 1_000);
      await deps.enqueue(tx, workRosterRun, { tenantId, runId }, { startAfterSeconds, singletonKey: runId });
    }
    if (decision.kind === 'over') await noteEnd(deps, tx, run, error);
  });
}

/** After so many milliseconds it is to be taken up again; undefined where others see to that, or nobody. */
function waitOf(decision: FailureDecision, now: number): number | undefined {
  if (decision.kind === 'host_down') return Math.max(0, decision.until - now);
  return decision.kind === 'again' ? decision.waitMs : undefined;
}

function interrupted(run: StoredRun, { why }: Interrupted, now: Date): StoredRun {
  // Handing back is no failure of the run.
  return why === 'cancelled'
    ? giveUp(run, 'cancelled', 'cancelled', now)
    : { ...run, failures: run.failures - 1 };
}

function afterFailure(run: StoredRun, decision: FailureDecision, now: Date): StoredRun {
  const after = (waitMs: number) => (waitMs === 0 ? null : new Date(now.getTime() + waitMs));
  switch (decision.kind) {
    case 'back': {
      const { event, waitMs } = decision;
      const back = transition(run.state, event) === undefined ? run : move(run, event);
      return { ...back, setbacks: run.setbacks + 1, notBefore: after(waitMs) };
    }
    case 'no_room':
      return { ...run, failures: run.failures - 1, ...forRoom(now), advice: decision.advice };
    case 'host_down': {
      const { until, reason, advice } = decision;
      return { ...run, failures: run.failures - 1, reason, advice, notBefore: new Date(until) };
    }
    case 'again':
      return { ...run, reason: decision.reason, advice: decision.advice, notBefore: after(decision.waitMs) };
    case 'over':
      return endFailed(run, decision, now);
  }
}

/** What ended a run for good and is to be mended in the source stands in its list of findings, too. */
async function noteEnd(
  deps: SyncServices,
  tx: TenantTx,
  { runId }: StoredRun,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ConnectorError) || !isKnownFinding(error.code)) return;
  await addFindings(tx, runId, null, [{ code: error.code, severity: 'error' }], limitsOf(deps).findings);
}
