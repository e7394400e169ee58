import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Applied } from '../engine.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { raiseBase } from '../sources/source-store.ts';
import { removeSourceStates } from './entity-store.ts';
import { mostFailures } from './failure.ts';
import { keepRun, newToken } from './lease.ts';
import { move } from './move.ts';
import { linkRosterPeople } from './queues.ts';
import { getLockedRun } from './requests.ts';
import { keepChangesForMs } from './retention.ts';
import { findRun, lockRun, type StoredRun, saveRun } from './run-store.ts';
import { isBusy } from './turn.ts';
import { dropLease, listOpenRuns, lockTurns, takeLease } from './turn-store.ts';
import { wakeRuns } from './wake.ts';

type Deps = Pick<SyncServices, 'db' | 'clock' | 'log' | 'engine' | 'enqueue' | 'limits'>;

/**
 * Takes back what a run has done to the roster. The next run of the connection reads everything, and waits for somebody before
 * it changes anything: it may bring the same again. What this copy does not bring to its end another one does.
 *
 * @throws DomainError not_found `run_unknown`, conflict `run_state`, `run_overtaken`, `run_too_old`, `roster_busy`
 */
export async function undoRun(deps: Deps, tenantId: TenantId, runId: RunId, by: ChangeBy): Promise<Applied> {
  const token = newToken();
  const run = await deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const locked = await getLockedRun(tx, runId);
    // Asked for its refusal: what was not applied, or was undone, cannot be undone.
    move(locked, 'undone');
    if ((locked.appliedAt?.getTime() ?? 0) < by.now - keepChangesForMs) throw tooOld();
    const open = await listOpenRuns(tx, new Date(by.now));
    const sameRoster = open.filter((each) => each.connectionId === locked.connectionId);
    // An undo of this very run whose copy died goes on here.
    if (sameRoster.some((each) => (each.runId === runId ? each.isWorked : isBusy(each)))) throw busy();
    return take(deps, tx, { ...locked, undoBy: by.actor, failures: 0 }, token);
  });
  return takeBack(deps, tenantId, run, token, by);
}

/**
 * Brings an undo to its end whose copy died over it.
 *
 * @returns whether there was one
 */
export async function finishUndo(deps: Deps, tenantId: TenantId, runId: RunId): Promise<boolean> {
  const known = await findRun(deps.db.tenant(tenantId), runId);
  if (known?.undoBy == null) return false;
  const now = deps.clock.now();
  const token = newToken();
  const run = await deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const locked = await lockRun(tx, runId);
    const open = await listOpenRuns(tx, new Date(now));
    const isHeld = open.some((each) => each.runId === runId && each.isWorked);
    if (locked?.undoBy == null || isHeld) return undefined;
    if (locked.failures < mostFailures) {
      return take(deps, tx, { ...locked, failures: locked.failures + 1 }, token);
    }
    // The connection is not kept from its runs for ever.
    deps.log.error('roster_undo_given_up', { tenantId, runId });
    await saveRun(tx, { ...locked, undoBy: null });
    return undefined;
  });
  if (run?.undoBy == null) return true;
  await takeBack(deps, tenantId, run, token, { actor: run.undoBy, now }).catch((error: unknown) => {
    deps.log.warn('roster_undo_failed', { tenantId, runId, attempt: run.failures, error });
  });
  return true;
}

async function take(deps: Deps, tx: TenantTx, run: StoredRun, token: string): Promise<StoredRun> {
  await saveRun(tx, run);
  await takeLease(tx, run.runId, token, limitsOf(deps).leaseMs);
  return run;
}

async function takeBack(
  deps: Deps,
  tenantId: TenantId,
  { runId, connectionId, runNo }: StoredRun,
  token: string,
  by: ChangeBy,
): Promise<Applied> {
  const lease = keepRun(deps, tenantId, runId, token, new AbortController().signal);
  try {
    const undone = await deps.engine.undo({ tenantId, connectionId, runNo }, new Date(by.now));
    // Whoever holds the run now: what is undone is undone.
    await deps.db.withTenant(tenantId, async (tx) => {
      const current = await getLockedRun(tx, runId);
      if (current.state === 'undone') return;
      await removeSourceStates(tx, connectionId);
      const base = await raiseBase(tx, connectionId);
      await saveRun(tx, move(current, 'undone', { reason: 'undone', base, undoBy: null }));
      await deps.enqueue(tx, linkRosterPeople, { tenantId, runId });
      const values = { before: { state: current.state }, after: { state: 'undone', ...undone } };
      await recordAudit(tx, { ...by, action: 'roster_run.undone', subject: `run:${runId}`, ...values });
    });
    return undone;
  } catch (error) {
    // A refusal says that nothing was done; after anything else it may have been.
    if (error instanceof DomainError && error.kind === 'conflict') await giveUpUndo(deps, tenantId, runId);
    throw error;
  } finally {
    await lease.stop();
    await deps.db.withTenant(tenantId, async (tx) => {
      await dropLease(tx, runId, token);
      await wakeRuns(deps, tx);
    });
  }
}

function giveUpUndo({ db }: Deps, tenantId: TenantId, runId: RunId): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    const current = await getLockedRun(tx, runId);
    if (current.undoBy !== null) await saveRun(tx, { ...current, undoBy: null });
  });
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
