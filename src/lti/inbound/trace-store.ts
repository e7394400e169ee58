import { z } from 'zod';
import type { ConnectionId, LaunchId, ToolId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../health/outcomes.ts';
import type { TenantTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import type { StoredLaunch } from './stored-launch.ts';

const columns = sql`launch_id, reference, state, outcome, reason, connection_id, deployment_id, tool_id, binding,
  presentation, policy_version, trace, started_at, ended_at`;

const launchRow = z
  .object({
    launch_id: z.uuid(),
    reference: z.string(),
    state: z.string(),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    connection_id: z.uuid().nullable(),
    deployment_id: z.string().nullable(),
    tool_id: z.uuid().nullable(),
    binding: z.string().nullable(),
    presentation: z.string().nullable(),
    policy_version: z.number().nullable(),
    trace: z.object({
      facts: z.record(z.string(), z.unknown()).default({}),
      warnings: z.array(z.string()).default([]),
    }),
    started_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform(
    (row): StoredLaunch => ({
      launchId: row.launch_id,
      reference: row.reference,
      state: row.state,
      outcome: row.outcome ?? undefined,
      reason: row.reason ?? undefined,
      connectionId: row.connection_id ?? undefined,
      deploymentId: row.deployment_id ?? undefined,
      toolId: row.tool_id ?? undefined,
      binding: row.binding ?? undefined,
      presentation: row.presentation ?? undefined,
      policyVersion: row.policy_version ?? undefined,
      facts: row.trace.facts,
      warnings: row.trace.warnings,
      startedAt: row.started_at,
      endedAt: row.ended_at ?? undefined,
    }),
  );

/** The launches a reference names: one, but for a chance in a trillion. Newest first. */
export function findLaunches(tx: TenantTx, reference: string): Promise<StoredLaunch[]> {
  return list(tx, sql`and reference = ${reference}`, 10);
}

/** The newest launches of a tenant. */
export function listLaunches(tx: TenantTx, limit: number): Promise<StoredLaunch[]> {
  return list(tx, sql``, limit);
}

/** Which launches are meant; what is absent does not matter. */
export interface LaunchFilter {
  reference?: string | undefined;
  toolId?: ToolId | undefined;
  connectionId?: ConnectionId | undefined;
  outcome?: Outcome | undefined;
  reason?: string | undefined;
  hasEnded?: boolean | undefined;
  /** Begun then or later, and before. */
  since?: Date | undefined;
  until?: Date | undefined;
  /** Where the page before ended. */
  before?: LaunchId | undefined;
}

/** Launches that fit, newest first. The id holds the time of the beginning, so that a time leaves whole months out. */
export function searchLaunches(tx: TenantTx, filter: LaunchFilter, limit: number): Promise<StoredLaunch[]> {
  const { reference, toolId, connectionId, outcome, reason, hasEnded, since, until, before } = filter;
  const when = (isAsked: boolean, condition: Sql) => (isAsked ? condition : sql``);
  // Said apart, so that the index of launches that failed is of use.
  const isUnsuccessful = reason !== undefined || (outcome !== undefined && outcome !== 'success');
  const condition = sql`${when(reference !== undefined, sql`and reference = ${reference ?? null}`)}
    ${when(toolId !== undefined, sql`and tool_id = ${toolId ?? null}`)}
    ${when(connectionId !== undefined, sql`and connection_id = ${connectionId ?? null}`)}
    ${when(isUnsuccessful, sql`and outcome <> 'success'`)}
    ${when(outcome !== undefined, sql`and outcome = ${outcome ?? null}`)}
    ${when(reason !== undefined, sql`and reason = ${reason ?? null}`)}
    ${when(hasEnded === true, sql`and ended_at is not null`)}
    ${when(hasEnded === false, sql`and ended_at is null`)}
    ${when(since !== undefined, sql`and launch_id >= uuid_floor(${since ?? null}::timestamptz)`)}
    ${when(until !== undefined, sql`and launch_id < uuid_floor(${until ?? null}::timestamptz)`)}
    ${when(before !== undefined, sql`and launch_id < ${before ?? null}`)}`;
  return list(tx, condition, limit);
}

function list(tx: TenantTx, condition: Sql, limit: number): Promise<StoredLaunch[]> {
  return tx.many(
    sql`select ${columns} from launch where tenant_id = ${tx.tenantId} ${condition}
      order by launch_id desc limit ${limit}`,
    launchRow,
  );
}
