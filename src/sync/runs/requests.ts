import { type ConnectionId, newId, type RunId, type TenantId } from '../../../contracts/ids.ts';
import type { RunMode } from '../../../contracts/sync.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { SyncServices } from '../services.ts';
import { getConnector } from '../sources/source-settings.ts';
import { findSource, lockSource, type StoredSource, takeRunNo } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { findUpload } from '../uploads/upload-store.ts';
import { type UploadId, unknownPackage } from '../uploads/uploads.ts';
import { giveUp, move } from './move.ts';
import { askToCancel, insertRun, lockRun, type StoredRun, saveRun } from './run-store.ts';
import { listOpenRuns, lockTurns } from './turn-store.ts';
import { wakeRuns } from './wake.ts';

type Deps = Pick<SyncServices, 'db' | 'clock' | 'connectors' | 'enqueue'>;

export interface RunRequest {
  mode: RunMode;
  /** Ends with its plan. */
  isDry: boolean;
  /** The package that is read, where the source is what admins hand over. */
  uploadId?: UploadId | undefined;
}

/**
 * Asks for a run; it begins when its turn has come.
 *
 * @throws DomainError not_found `roster_unknown`, `package_unknown`, conflict `roster_disabled`
 */
export async function requestRun(
  deps: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  request: RunRequest,
  by: ChangeBy,
): Promise<RunId> {
  return deps.db.withTenant(tenantId, async (tx) => {
    const source = (await lockSource(tx, connectionId)) ?? unknownRoster(connectionId);
    return enterRun(deps, tx, source, request, by);
  });
}

/** As `requestRun`, for a source that the transaction has locked. */
export async function enterRun(
  deps: Pick<SyncServices, 'clock' | 'connectors' | 'enqueue'>,
  tx: TenantTx,
  source: StoredSource,
  { mode, isDry, uploadId }: RunRequest,
  by: ChangeBy,
): Promise<RunId> {
  const { connectionId } = source;
  if (source.status === 'disabled') throw disabled();
  if (uploadId !== undefined) {
    const upload = await findUpload(tx, uploadId);
    // One without bytes is still on its way, or was never handed over whole.
    const isThere = upload?.connectionId === connectionId && upload.bytes > 0;
    if (!isThere) throw unknownPackage();
  }
  const connector = getConnector(deps, source.connector);
  const runId = newId<RunId>(by.now);
  const runNo = await takeRunNo(tx, connectionId);
  await insertRun(tx, {
    runId,
    connectionId,
    runNo,
    mode,
    isDry,
    connector: connector.id,
    connectorVersion: connector.version,
    uploadId: uploadId ?? null,
    requestedBy: by.actor,
    requestedAt: new Date(by.now),
  });
  await wakeRuns(deps, tx);
  const after = { connectionId, runNo, mode, isDry, ...(uploadId !== undefined && { uploadId }) };
  await recordAudit(tx, { ...by, action: 'roster_run.requested', subject: `run:${runId}`, after });
  return runId;
}

/**
 * Lets a plan that waits be applied.
 *
 * @throws DomainError not_found `run_unknown`, conflict `run_state`, `roster_disabled`
 */
export function approveRun(deps: Deps, tenantId: TenantId, runId: RunId, by: ChangeBy): Promise<void> {
  return change(deps, tenantId, runId, 'roster_run.approved', by, async (run, tx) => {
    if (run.state !== 'held') throw notHeld(run);
    if ((await findSource(tx, run.connectionId))?.status === 'disabled') throw disabled();
    return move(run, 'approved', { decidedAt: new Date(by.now), expiresAt: null });
  });
}

/**
 * Drops a plan that waits. What was applied of it already stays.
 *
 * @throws DomainError not_found `run_unknown`, conflict `run_state`
 */
export function discardRun(deps: Deps, tenantId: TenantId, runId: RunId, by: ChangeBy): Promise<void> {
  return change(deps, tenantId, runId, 'roster_run.discarded', by, async (run) => {
    if (run.state !== 'held') throw notHeld(run);
    const now = new Date(by.now);
    return {
      ...giveUp(run, 'discarded', run.inPart ? 'removals_discarded' : 'discarded', now),
      decidedAt: now,
    };
  });
}

/**
 * Ends a run before it is applied: at once, or as soon as whoever works on it looks.
 *
 * @throws DomainError not_found `run_unknown`, conflict `run_state` where it is being applied or over
 */
export function cancelRun(deps: Deps, tenantId: TenantId, runId: RunId, by: ChangeBy): Promise<void> {
  return change(deps, tenantId, runId, 'roster_run.cancelled', by, async (run, tx) => {
    const ended = giveUp(run, 'cancelled', 'cancelled', new Date(by.now));
    const open = await listOpenRuns(tx, new Date(by.now));
    if (!open.some((each) => each.runId === runId && each.isWorked)) return ended;
    await askToCancel(tx, runId);
    return undefined;
  });
}

async function change(
  deps: Deps,
  tenantId: TenantId,
  runId: RunId,
  action: string,
  by: ChangeBy,
  decide: (run: StoredRun, tx: TenantTx) => Promise<StoredRun | undefined>,
): Promise<void> {
  await deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const before = await getLockedRun(tx, runId);
    const after = await decide(before, tx);
    if (after !== undefined) await saveRun(tx, after);
    await wakeRuns(deps, tx);
    const values = { before: { state: before.state }, after: { state: after?.state ?? before.state } };
    await recordAudit(tx, { ...by, action, subject: `run:${runId}`, ...values });
  });
}

/** @throws DomainError not_found `run_unknown` */
export async function getLockedRun(tx: TenantTx, runId: RunId): Promise<StoredRun> {
  return (await lockRun(tx, runId)) ?? unknownRun(runId);
}

/** @throws DomainError not_found `run_unknown`, always */
export function unknownRun(runId: RunId): never {
  throw new DomainError(
    'not_found',
    'run_unknown',
    `There is no run ${runId}. List the runs to see their ids.`,
  );
}

function disabled(): DomainError {
  const message = 'This roster connection is switched off. Resume it first.';
  return new DomainError('conflict', 'roster_disabled', message);
}

function notHeld({ state }: StoredRun): DomainError {
  return new DomainError(
    'conflict',
    'run_state',
    `The run does not wait for anybody: it is ${state}. Look at it again.`,
    { details: { state } },
  );
}
