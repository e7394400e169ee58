import { z } from 'zod';
import type { ConnectionId, RunId } from '../../../contracts/ids.ts';
import { entities } from '../../../contracts/roster.ts';
import { type RunMode, runModes, runStates } from '../../../contracts/sync.ts';
import { type Outcome, outcomes } from '../../health/outcomes.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { Run } from '../run.ts';
import { applied, planSummary } from './plan-summary.ts';
import { type Terms, terms } from './terms.ts';

/** A run with what only those who work on it need. */
export interface StoredRun extends Run {
  uploadId: string | null;
  /** What the source's base was when the plan was made; of a run that was undone: what it was then. */
  base: number | null;
  terms: Terms | null;
  /** Creations and changes have been applied; the plan is of removals alone. */
  inPart: boolean;
  /** Whether what is approved covers removals. */
  removals: boolean;
  tries: number;
  failures: number;
  setbacks: number;
  /** Who wants it undone, until it is. */
  undoBy: string | null;
  outcome: Outcome | null;
}

const progress = z.partialRecord(z.enum(entities), z.object({ rows: z.number(), done: z.boolean() }));

const runRow = z
  .object({
    run_id: z.uuid(),
    connection_id: z.uuid(),
    run_no: z.number(),
    mode: z.enum(runModes),
    is_dry: z.boolean(),
    state: z.enum(runStates),
    reason: z.string().nullable(),
    advice: z.string().nullable(),
    connector: z.string(),
    connector_version: z.string(),
    upload_id: z.uuid().nullable(),
    requested_by: z.string(),
    progress,
    plan: planSummary.nullable(),
    base: z.number().nullable(),
    terms: terms.nullable(),
    in_part: z.boolean(),
    removals: z.boolean(),
    applied: applied.nullable(),
    wants_cancel: z.boolean(),
    tries: z.number(),
    failures: z.number(),
    setbacks: z.number(),
    undo_by: z.string().nullable(),
    not_before: z.date().nullable(),
    outcome: z.enum(outcomes).nullable(),
    requested_at: z.date(),
    started_at: z.date().nullable(),
    planned_at: z.date().nullable(),
    expires_at: z.date().nullable(),
    decided_at: z.date().nullable(),
    applied_at: z.date().nullable(),
    ended_at: z.date().nullable(),
  })
  .transform(
    (row): StoredRun => ({
      runId: row.run_id as RunId,
      connectionId: row.connection_id as ConnectionId,
      runNo: row.run_no,
      mode: row.mode,
      isDry: row.is_dry,
      state: row.state,
      reason: row.reason,
      advice: row.advice,
      connector: row.connector,
      connectorVersion: row.connector_version,
      uploadId: row.upload_id,
      requestedBy: row.requested_by,
      progress: row.progress as Run['progress'],
      plan: row.plan,
      base: row.base,
      terms: row.terms,
      inPart: row.in_part,
      removals: row.removals,
      applied: row.applied,
      wantsCancel: row.wants_cancel,
      tries: row.tries,
      failures: row.failures,
      setbacks: row.setbacks,
      undoBy: row.undo_by,
      notBefore: row.not_before,
      outcome: row.outcome,
      requestedAt: row.requested_at,
      startedAt: row.started_at,
      plannedAt: row.planned_at,
      expiresAt: row.expires_at,
      decidedAt: row.decided_at,
      appliedAt: row.applied_at,
      endedAt: row.ended_at,
    }),
  );

const columns = sql`run_id, connection_id, run_no, mode, is_dry, state, reason, advice, connector, connector_version,
  upload_id, requested_by, progress, plan, base, terms, in_part, removals, applied, wants_cancel, tries, failures, setbacks, undo_by,
  not_before, outcome, requested_at, started_at, planned_at, expires_at, decided_at, applied_at, ended_at`;

export function findRun(tx: TenantTx, runId: RunId): Promise<StoredRun | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from sync_run where tenant_id = ${tx.tenantId} and run_id = ${runId}`,
    runRow,
  );
}

/**
 * The run, which nobody else changes until the transaction ends. Its key stays: a comparison under way, whose findings refer
 * to it, is not waited for.
 */
export function lockRun(tx: TenantTx, runId: RunId): Promise<StoredRun | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from sync_run where tenant_id = ${tx.tenantId} and run_id = ${runId} for no key update`,
    runRow,
  );
}

/** Runs from the latest to the oldest. @param page.before goes on after the page that ended with this run */
export function listRuns(
  tx: TenantTx,
  connectionId: ConnectionId | undefined,
  page: { before?: RunId | undefined; limit: number },
): Promise<StoredRun[]> {
  return tx.many(
    sql`select ${columns} from sync_run where tenant_id = ${tx.tenantId}
        ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
        ${page.before === undefined ? sql`` : sql`and run_id < ${page.before}`}
      order by run_id desc limit ${page.limit}`,
    runRow,
  );
}

/**
 * The last run of a connection that has changed its roster, or had and was undone.
 *
 * @param mode full: the last full one, where there was any
 */
export function findLastApplied(
  tx: TenantTx,
  connectionId: ConnectionId,
  mode: RunMode,
): Promise<StoredRun | undefined> {
  const fullFirst = mode === 'full' ? sql`(mode = 'full') desc,` : sql``;
  return tx.maybeOne(
    sql`select ${columns} from sync_run
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and applied_at is not null
      order by ${fullFirst} run_no desc limit 1`,
    runRow,
  );
}

/** Whether a run of the connection was taken back, and none was applied since. */
export async function wasUndoneLast(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const ours = sql`tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`;
  const { undone } = await tx.one(
    // What was applied after it was planned on the roster as the undo has left it, or later.
    sql`select exists (select from sync_run u where ${ours} and state = 'undone' and not exists (
      select from sync_run a where ${ours} and a.applied_at is not null and a.base >= u.base and a.run_id <> u.run_id))
      as undone`,
    z.object({ undone: z.boolean() }),
  );
  return undone;
}

/** Earlier plans of a connection that wait for somebody, locked. */
export function lockHeldBefore(
  tx: TenantTx,
  connectionId: ConnectionId,
  runNo: number,
): Promise<StoredRun[]> {
  return tx.many(
    sql`select ${columns} from sync_run
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and run_no < ${runNo} and state = 'held'
      order by run_no for no key update`,
    runRow,
  );
}

export type NewRun = Pick<
  StoredRun,
  | 'runId'
  | 'connectionId'
  | 'runNo'
  | 'mode'
  | 'isDry'
  | 'connector'
  | 'connectorVersion'
  | 'uploadId'
  | 'requestedBy'
  | 'requestedAt'
>;

export async function insertRun(tx: TenantTx, run: NewRun): Promise<void> {
  await tx.exec(sql`
    insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, is_dry, state, connector, connector_version,
      upload_id, requested_by, requested_at)
    values (${tx.tenantId}, ${run.runId}, ${run.connectionId}, ${run.runNo}, ${run.mode}, ${run.isDry}, 'requested',
      ${run.connector}, ${run.connectorVersion}, ${run.uploadId}, ${run.requestedBy}, ${run.requestedAt})`);
}

/** Writes a locked run's changes. One that has ended, or waits for somebody, is nobody's work any more. */
export async function saveRun(tx: TenantTx, run: StoredRun): Promise<void> {
  const isOver = run.endedAt !== null || run.state === 'held';
  await tx.exec(sql`
    update sync_run set mode = ${run.mode}, state = ${run.state}, reason = ${run.reason}, advice = ${run.advice},
      connector_version = ${run.connectorVersion}, progress = ${json(run.progress)},
      plan = ${run.plan === null ? null : json(run.plan)}, base = ${run.base},
      terms = ${run.terms === null ? null : json(run.terms)}, in_part = ${run.inPart}, removals = ${run.removals},
      applied = ${run.applied === null ? null : json(run.applied)}, wants_cancel = ${run.wantsCancel},
      tries = ${run.tries}, failures = ${run.failures}, setbacks = ${run.setbacks}, undo_by = ${run.undoBy},
      not_before = ${run.notBefore}, outcome = ${run.outcome},
      started_at = ${run.startedAt}, planned_at = ${run.plannedAt}, expires_at = ${run.expiresAt},
      decided_at = ${run.decidedAt}, applied_at = ${run.appliedAt}, ended_at = ${run.endedAt}
      ${isOver ? sql`, lease_token = null, lease_until = null` : sql``}
    where tenant_id = ${tx.tenantId} and run_id = ${run.runId}`);
}

/** Asks whoever works on the run to end it. */
export async function askToCancel(tx: TenantTx, runId: RunId): Promise<void> {
  await tx.exec(sql`
    update sync_run set wants_cancel = true where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
}

/** Shows how far a run has come, unless another has taken it up. */
export async function noteProgress(
  tx: TenantTx,
  runId: RunId,
  token: string,
  progress: Run['progress'],
): Promise<void> {
  await tx.exec(sql`
    update sync_run set progress = ${json(progress)}
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and lease_token = ${token}`);
}

/** Notes that nothing of a run that has ended, or that nobody works on, takes room any more. */
export async function markCleared(tx: TenantTx, runId: RunId): Promise<void> {
  await tx.exec(sql`
    update sync_run set cleared = true
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and (ended_at is not null or lease_token is null)`);
}
