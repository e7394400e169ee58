import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Applied } from '../engine.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { raiseBase } from '../sources/source-store.ts';
import { removeSourceStates } from './entity-store.ts';
import { keepRun, newToken } from './lease.ts';
import { move } from './move.ts';
import { linkRosterPeople } from './queues.ts';
import { getLockedRun } from './requests.ts';
import { keepChangesForMs } from './retention.ts';
import { saveRun } from './run-store.ts';
import { dropLease, listOpenRuns, lockTurns, takeLease } from './turn-store.ts';
import { wakeRuns } from './wake.ts';

/**
 * Takes back what a run has done to the roster. The next run of the connection reads everything, and waits for somebody before
 * it changes anything: it may bring the same again.
 *
 * @throws DomainError not_found `run_unknown`, conflict `run_state`, `run_overtaken`, `run_too_old`, `roster_busy`
 */
export async function undoRun(
  deps: Pick<SyncServices, 'db' | 'clock' | 'log' | 'engine' | 'enqueue' | 'limits'>,
  tenantId: TenantId,
  runId: RunId,
  by: ChangeBy,
): Promise<Applied> {
  const token = newToken();
  const run = await deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const locked = await getLockedRun(tx, runId);
    // Asked for its refusal: what was not applied, or was undone, cannot be undone.
    move(locked, 'undone');
    if ((locked.appliedAt?.getTime() ?? 0) < by.now - keepChangesForMs) throw tooOld();
    const open = await listOpenRuns(tx, new Date(by.now));
    if (open.some((each) => each.connectionId === locked.connectionId && each.isWorked)) throw busy();
    await takeLease(tx, runId, token, limitsOf(deps).leaseMs);
    return locked;
  });
  const { connectionId, runNo } = run;
  const lease = keepRun(deps, tenantId, runId, token, new AbortController().signal);
  try {
    const undone = await deps.engine.undo({ tenantId, connectionId, runNo }, new Date(by.now));
    // Whoever holds the run now: what is undone is undone.
    await deps.db.withTenant(tenantId, async (tx) => {
      const current = await getLockedRun(tx, runId);
      if (current.state === 'undone') return;
      await removeSourceStates(tx, connectionId);
      await raiseBase(tx, connectionId);
      await saveRun(tx, move(current, 'undone', { reason: 'undone' }));
      await deps.enqueue(tx, linkRosterPeople, { tenantId, runId });
      const values = { before: { state: current.state }, after: { state: 'undone', ...undone } };
      await recordAudit(tx, { ...by, action: 'roster_run.undone', subject: `run:${runId}`, ...values });
    });
    return undone;
  } finally {
    await lease.stop();
    await deps.db.withTenant(tenantId, async (tx) => {
      await dropLease(tx, runId, token);
      await wakeRuns(deps, tx);
    });
  }
}

function busy(): DomainError {
  return new DomainError(
    'conflict',
    'roster_busy',
    'A run of this connection is under way. Wait until it has ended, or cancel it, and undo then.',
  );
}

function tooOld(): DomainError {
  const days = keepChangesForMs / 86_400_000;
  return new DomainError(
    'conflict',
    'run_too_old',
    `What a run has changed is kept for ${days} days, and this one is older. Mend the source and run again.`,
  );
}
