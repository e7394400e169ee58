import { z } from 'zod';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import { runModes, runStates } from '../../../contracts/sync.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { workingStates } from '../run.ts';
import type { OpenRun } from './turn.ts';

const openRow = z
  .object({
    run_id: z.uuid(),
    connection_id: z.uuid(),
    run_no: z.number(),
    state: z.enum(runStates),
    mode: z.enum(runModes),
    is_dry: z.boolean(),
    has_package: z.boolean(),
    is_worked: z.boolean(),
    is_undone: z.boolean(),
    is_put_off: z.boolean(),
  })
  .transform(
    (row): OpenRun => ({
      runId: row.run_id as RunId,
      connectionId: row.connection_id as ConnectionId,
      runNo: row.run_no,
      state: row.state,
      mode: row.mode,
      isDry: row.is_dry,
      hasPackage: row.has_package,
      isWorked: row.is_worked,
      isUndone: row.is_undone,
      isPutOff: row.is_put_off,
    }),
  );

/** The tenant's open runs, in the order in which they were asked for. @param now by the hub's clock */
export function listOpenRuns(tx: TenantTx, now: Date): Promise<OpenRun[]> {
  return tx.many(
    sql`select run_id, connection_id, run_no, state, mode, is_dry, upload_id is not null as has_package,
        coalesce(lease_until > now(), false) as is_worked, undo_by is not null as is_undone,
        coalesce(not_before > ${now}, false) as is_put_off
      from sync_run
      where tenant_id = ${tx.tenantId} and (ended_at is null or lease_until > now() or undo_by is not null)
      order by requested_at, run_no, run_id`,
    openRow,
  );
}

/** Until the transaction ends nobody else gives a turn to a run of the tenant. */
export async function lockTurns(tx: TenantTx): Promise<void> {
  await tx.exec(sql`select from tenant where tenant_id = ${tx.tenantId} for no key update`);
}

/** Takes a run, whoever had it before. */
export async function takeLease(tx: TenantTx, runId: RunId, token: string, leaseMs: number): Promise<void> {
  await tx.exec(sql`
    update sync_run set lease_token = ${token}, lease_until = now() + make_interval(secs => ${leaseMs / 1_000}), cleared = false
    where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
}

const leaseRow = z
  .object({ wants_cancel: z.boolean() })
  .transform(({ wants_cancel }) => ({ wantsCancel: wants_cancel }));

/** Keeps a run. @returns undefined where it is another's, or has ended */
export function renewLease(
  tx: TenantTx,
  runId: RunId,
  token: string,
  leaseMs: number,
): Promise<{ wantsCancel: boolean } | undefined> {
  return tx.maybeOne(
    sql`update sync_run set lease_until = now() + make_interval(secs => ${leaseMs / 1_000})
      where tenant_id = ${tx.tenantId} and run_id = ${runId} and lease_token = ${token} returning wants_cancel`,
    leaseRow,
  );
}

/** Whether the run is still held under the token: what is written then is written by one alone. */
export async function holdsLease(tx: TenantTx, runId: RunId, token: string): Promise<boolean> {
  const { holds } = await tx.one(
    sql`select exists (select from sync_run
      where tenant_id = ${tx.tenantId} and run_id = ${runId} and lease_token = ${token}) as holds`,
    z.object({ holds: z.boolean() }),
  );
  return holds;
}

/** Gives a run back. */
export async function dropLease(tx: TenantTx, runId: RunId, token: string): Promise<void> {
  await tx.exec(sql`
    update sync_run set lease_token = null, lease_until = null
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and lease_token = ${token}`);
}

interface Which {
  tenantId: TenantId;
  runId: RunId;
}

const whichRow = z
  .object({ tenant_id: z.uuid(), run_id: z.uuid() })
  .transform((row) => ({ tenantId: row.tenant_id as TenantId, runId: row.run_id as RunId }));

/** Runs of all tenants that nobody works on though there is something to do, or to take back. */
export function listUnattended(tx: RollupTx, now: Date): Promise<Which[]> {
  return tx.many(
    sql`select tenant_id, run_id from sync_run
      where (ended_at is null and state = any(${[...workingStates]}) or undo_by is not null)
        and (lease_until is null or lease_until <= now()) and (not_before is null or not_before <= ${now})
      order by requested_at limit 10000`,
    whichRow,
  );
}

/** Runs of all tenants whose plan has waited too long. */
export function listExpiredPlans(tx: RollupTx, now: Date): Promise<Which[]> {
  return tx.many(
    sql`select tenant_id, run_id from sync_run
      where ended_at is null and state = 'held' and expires_at <= ${now} order by expires_at limit 1000`,
    whichRow,
  );
}

/**
 * Runs of all tenants that take room in staging while they wait, for somebody or for a source that is down, but for the
 * `keep` that began last. What has begun to be applied stays: staging knows what of it is in the roster.
 */
export function listIdleInStaging(tx: RollupTx, now: Date, keep: number): Promise<Which[]> {
  return tx.many(
    sql`select tenant_id, run_id from sync_run
      where ended_at is null and not cleared and (state = 'held' or state not in ('requested', 'applying')
        and not_before > ${now} and reason <> 'staging_full' and (lease_until is null or lease_until <= now()))
      order by started_at desc, run_id offset ${keep} limit 1000`,
    whichRow,
  );
}

/**
 * Runs of all tenants that have begun and found no room in staging, the longest under way first: they go before those that
 * have not begun.
 *
 * @param since one that should have tried again by then, and has not, is kept by something else
 */
export function listWaitingForRoom(tx: RollupTx, since: Date): Promise<Which[]> {
  return tx.many(
    sql`select tenant_id, run_id from sync_run
      where ended_at is null and reason = 'staging_full' and state <> 'requested' and not_before > ${since}
        and (lease_until is null or lease_until <= now())
      order by started_at limit 100`,
    whichRow,
  );
}

/** Of the runs of all tenants that wait for room in staging the one whose turn it is. */
export function findNextForRoom(tx: RollupTx, since: Date): Promise<Which | undefined> {
  return tx.maybeOne(
    sql`select tenant_id, run_id from sync_run
      where ended_at is null and reason = 'staging_full' and not_before > ${since}
        and (lease_until is null or lease_until <= now())
      order by started_at nulls last, requested_at limit 1`,
    whichRow,
  );
}

/** Runs of all tenants that have ended and still take room. */
export function listUncleared(tx: RollupTx): Promise<Which[]> {
  return tx.many(
    sql`select tenant_id, run_id from sync_run
      where ended_at is not null and not cleared and (lease_until is null or lease_until <= now()) limit 1000`,
    whichRow,
  );
}
