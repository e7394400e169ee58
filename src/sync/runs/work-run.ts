import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { RunState } from '../../../contracts/sync.ts';
import { DomainError } from '../../platform/errors.ts';
import { transition } from '../run.ts';
import type { SyncServices } from '../services.ts';
import { getConnector, openSettings } from '../sources/source-settings.ts';
import { findSource } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { apply, beginApplying } from './applying.ts';
import { type Claim, claimRun, rowsOf } from './claim.ts';
import { clearRun } from './clear.ts';
import { readEntityStates } from './entity-store.ts';
import { decideFailure, setbacks } from './failure.ts';
import { Interrupted, keepRun, type LeasedRun } from './lease.ts';
import { end, giveUp, gotOn, move } from './move.ts';
import { decide, plan, validate } from './planning.ts';
import { workRosterRun } from './queues.ts';
import { begin, read } from './reading.ts';
import { getLockedRun } from './requests.ts';
import { type StoredRun, saveRun } from './run-store.ts';
import { dropLease, holdsLease } from './turn-store.ts';
import { wakeRuns } from './wake.ts';
import { engineRunOf, type Step, type Work } from './work.ts';

const steps: Readonly<Partial<Record<RunState, Step>>> = {
  requested: begin,
  reading: read,
  staged: validate,
  validated: plan,
  planned: decide,
  approved: beginApplying,
  applying: apply,
};

/**
 * Works on a run from wherever it stands to where it has to wait or ends. Returns at once where it is not its turn or another
 * copy has it; what fails is told by the run itself.
 *
 * @param signal ends when this copy stops: another one goes on
 */
export async function workRun(
  deps: SyncServices,
  tenantId: TenantId,
  runId: RunId,
  signal: AbortSignal,
): Promise<void> {
  const claim = await claimRun(deps, tenantId, runId);
  if (claim === undefined) return;
  const lease = keepRun(deps, tenantId, runId, claim.token, signal);
  try {
    await advance(deps, lease);
  } catch (error) {
    await settle(deps, lease, claim, lease.signal.aborted ? lease.signal.reason : error);
  } finally {
    await lease.stop();
  }
  await handOn(deps, lease);
  await clearRun(deps, tenantId, runId);
}

async function advance(deps: SyncServices, lease: LeasedRun): Promise<void> {
  const work = await prepare(deps, lease);
  let run = await findBackIn(work);
  for (let step = stepOf(run); step !== undefined; step = stepOf(run)) {
    lease.check();
    deps.log.info('roster_run', { tenantId: lease.tenantId, runId: lease.runId, name: run.state });
    run = await step(work, run);
  }
}

function stepOf(run: StoredRun): Step | undefined {
  return run.endedAt === null ? steps[run.state] : undefined;
}

async function prepare(deps: SyncServices, lease: LeasedRun): Promise<Work> {
  return deps.db.withTenant(lease.tenantId, async (tx) => {
    const run = await getLockedRun(tx, lease.runId);
    const source = (await findSource(tx, run.connectionId)) ?? unknownRoster(run.connectionId);
    const settings = await openSettings(deps, tx, source);
    return { deps, lease, settings, connector: getConnector(deps, source.connector) };
  });
}

/** The run, sent back to its reading where rows that it has read are not there any more. */
async function findBackIn(work: Work): Promise<StoredRun> {
  const { deps, lease } = work;
  const run = await lease.change(async (_tx, current) => current);
  if (run.state === 'requested' || run.state === 'reading') return run;
  const { staged } = await deps.engine.begin(engineRunOf(work, run));
  const states = await readEntityStates(deps.db.tenant(lease.tenantId), lease.runId);
  const isWhole = [...states.values()].every(({ entity, rows }) => (staged.get(entity) ?? 0) === rows);
  if (isWhole) return run;
  deps.log.warn('roster_run_rows_lost', { tenantId: lease.tenantId, runId: lease.runId });
  return lease.change(async (_tx, current) => move(current, 'lost'));
}

/** Writes down why the work on a run ended before it was done. */
async function settle(deps: SyncServices, lease: LeasedRun, claim: Claim, error: unknown): Promise<void> {
  const { tenantId, runId, token } = lease;
  await deps.db.withTenant(tenantId, async (tx) => {
    const locked = await getLockedRun(tx, runId);
    if (!(await holdsLease(tx, runId, token))) return;
    // A source that breaks off again and again is read to its end all the same.
    const run = rowsOf(locked.progress) > claim.rows ? { ...locked, ...gotOn } : locked;
    const now = new Date(deps.clock.now());
    if (error instanceof Interrupted) {
      if (error.why === 'cancelled') await saveRun(tx, giveUp(run, 'cancelled', 'cancelled', now));
      // Handing back is no failure of the run.
      else await saveRun(tx, { ...run, failures: run.failures - 1 });
      return;
    }
    const { retryInMs, outcome, reason, advice } = decideFailure(error, run.failures);
    const setback = error instanceof DomainError ? setbacks[error.code] : undefined;
    if (setback !== undefined && retryInMs !== undefined) {
      const back = transition(run.state, setback) === undefined ? run : move(run, setback);
      await saveRun(tx, back);
      return;
    }
    const ids = { tenantId, connectionId: run.connectionId, runId };
    deps.log.warn('roster_run_failed', { ...ids, reason, attempt: run.failures, error });
    if (retryInMs === undefined) {
      await saveRun(tx, end(run, 'failed', { outcome, reason, advice }, now));
      return;
    }
    const notBefore = new Date(now.getTime() + retryInMs);
    const failures = reason === 'staging_full' ? run.failures - 1 : run.failures;
    await saveRun(tx, { ...run, failures, reason, advice, notBefore });
    const startAfterSeconds = Math.ceil(retryInMs / 1_000);
    await deps.enqueue(tx, workRosterRun, { tenantId, runId }, { startAfterSeconds, singletonKey: runId });
  });
}

/** Gives the run back and lets those begin that have waited for it. */
async function handOn(deps: SyncServices, { tenantId, runId, token }: LeasedRun): Promise<void> {
  await deps.db.withTenant(tenantId, async (tx) => {
    await dropLease(tx, runId, token);
    await wakeRuns(deps, tx);
  });
}
