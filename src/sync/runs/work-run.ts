import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { RunState } from '../../../contracts/sync.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { getConnector, openSettings } from '../sources/source-settings.ts';
import { findSource } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { apply, beginApplying } from './applying.ts';
import { claimRun } from './claim.ts';
import { clearRun } from './clear.ts';
import { readEntityStates } from './entity-store.ts';
import { keepRun, type LeasedRun } from './lease.ts';
import { move } from './move.ts';
import { decide, plan, validate } from './planning.ts';
import { begin, read } from './reading.ts';
import { getLockedRun } from './requests.ts';
import type { StoredRun } from './run-store.ts';
import { settle } from './settle.ts';
import { areTermsCurrent, settleTerms } from './settle-terms.ts';
import { orGiveUp, untilSilent } from './silence.ts';
import { dropLease } from './turn-store.ts';
import { finishUndo } from './undo.ts';
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
  if (await finishUndo(deps, tenantId, runId)) return;
  const claim = await claimRun(deps, tenantId, runId);
  if (claim === undefined) return;
  const lease = keepRun(deps, tenantId, runId, claim.token, signal);
  try {
    await orGiveUp(advance(deps, lease), lease.signal, limitsOf(deps).graceMs);
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
    const connector = untilSilent(getConnector(deps, source.connector), limitsOf(deps).silenceMs);
    return { deps, lease, settings, connector };
  });
}

/**
 * The run, sent back to its reading where rows that it has read are not there any more, or would be read in other terms today:
 * other schools, another version of the connector, another address. What has begun to be applied is applied as it is.
 */
async function findBackIn(work: Work): Promise<StoredRun> {
  const { deps, lease, connector } = work;
  const run = await lease.change(async (tx, current) => {
    const isBound = current.state === 'requested' || current.state === 'applying';
    if (isBound || (await areTermsCurrent(tx, current, connector))) return current;
    const settled = await settleTerms(tx, current, connector);
    return { ...(current.state === 'reading' ? current : move(current, 'lost')), ...settled };
  });
  if (run.state === 'requested' || run.state === 'reading') return run;
  const { staged } = await deps.engine.begin(engineRunOf(work, run));
  // What is left of it to apply the engine knows itself, also after a crash.
  if (run.state === 'applying') return run;
  const states = await readEntityStates(deps.db.tenant(lease.tenantId), lease.runId);
  const isWhole = [...states.values()].every(({ entity, rows }) => (staged.get(entity) ?? 0) === rows);
  if (isWhole) return run;
  deps.log.warn('roster_run_rows_lost', { tenantId: lease.tenantId, runId: lease.runId });
  return lease.change(async (_tx, current) => move(current, 'lost'));
}

/** Gives the run back and lets those begin that have waited for it. */
async function handOn(deps: SyncServices, { tenantId, runId, token }: LeasedRun): Promise<void> {
  await deps.db.withTenant(tenantId, async (tx) => {
    await dropLease(tx, runId, token);
    await wakeRuns(deps, tx);
  });
}
