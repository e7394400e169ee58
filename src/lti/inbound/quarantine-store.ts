import { z } from 'zod';
import type { LaunchId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

/** A verified launch kept until its deployment is claimed. The hub's own (nil) tenant keeps those of no school yet. */
export interface WaitingLaunch {
  launchId: LaunchId;
  connectionId: string;
  deploymentId: string;
  resumeHash: Buffer;
  sealedSnapshot: Buffer;
  expiresAt: Date;
}

/**
 * Notes that somebody launched from an unclaimed deployment, for whoever may claim it.
 *
 * @returns where the claim stands: a refused one lets nobody wait
 */
export async function noteClaim(
  tx: TenantTx | HubTx,
  connectionId: string,
  deploymentId: string,
  now: Date,
): Promise<'waiting' | 'claimed' | 'refused'> {
  const [table, key, owner] =
    tx.scope === 'tenant'
      ? [sql`lti_deployment_claim`, sql`tenant_id, connection_id`, sql`${tx.tenantId}, ${connectionId}`]
      : [sql`hub_deployment_claim`, sql`registration_id`, sql`${connectionId}`];
  const { status } = await tx.one(
    sql`
    insert into ${table} as c (${key}, deployment_id, status, launches, first_seen_at, last_seen_at)
    values (${owner}, ${deploymentId}, 'waiting', 1, ${now}, ${now})
    on conflict (${key}, deployment_id) do update
      set launches = c.launches + 1, last_seen_at = excluded.last_seen_at
    returning status`,
    z.object({ status: z.enum(['waiting', 'claimed', 'refused']) }),
  );
  return status;
}

export async function insertWaiting(tx: TenantTx | HubTx, waiting: WaitingLaunch): Promise<void> {
  await tx.exec(sql`
    insert into lti_waiting_launch (tenant_id, launch_id, connection_id, deployment_id, resume_hash,
      sealed_snapshot, expires_at)
    values (${tx.tenantId}, ${waiting.launchId}, ${waiting.connectionId}, ${waiting.deploymentId},
      ${waiting.resumeHash}, ${waiting.sealedSnapshot}, ${waiting.expiresAt})`);
}

const waitingRow = z
  .object({
    launch_id: z.uuid(),
    connection_id: z.uuid(),
    deployment_id: z.string(),
    resume_hash: z.instanceof(Buffer),
    sealed_snapshot: z.instanceof(Buffer),
    expires_at: z.date(),
  })
  .transform(
    (row): WaitingLaunch => ({
      launchId: row.launch_id as LaunchId,
      connectionId: row.connection_id,
      deploymentId: row.deployment_id,
      resumeHash: row.resume_hash,
      sealedSnapshot: row.sealed_snapshot,
      expiresAt: row.expires_at,
    }),
  );

const columns = sql`launch_id, connection_id, deployment_id, resume_hash, sealed_snapshot, expires_at`;

export function findWaiting(
  tx: TenantTx | HubTx,
  launchId: string,
  now: Date,
): Promise<WaitingLaunch | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from lti_waiting_launch
      where tenant_id = ${tx.tenantId} and launch_id = ${launchId} and expires_at > ${now}`,
    waitingRow,
  );
}

/** Deletes a waiting launch that has gone on or ended. */
export async function deleteWaiting(tx: TenantTx | HubTx, launchId: string): Promise<void> {
  await tx.exec(
    sql`delete from lti_waiting_launch where tenant_id = ${tx.tenantId} and launch_id = ${launchId}`,
  );
}

/** The trace row of a launch that waits; one that is there already stays. */
export async function insertWaitingTrace(
  tx: TenantTx,
  launch: {
    launchId: LaunchId;
    reference: string;
    connectionId: string;
    deploymentId: string;
    messageType: string;
  },
  trace: unknown,
  now: Date,
  /** What it waits for, by the reason it ends with where nobody does it. */
  reason: 'deployment_unknown' | 'tool_not_chosen' = 'deployment_unknown',
): Promise<void> {
  await tx.exec(sql`
    insert into launch (tenant_id, launch_id, reference, state, reason, connection_id, deployment_id, message_type,
      trace, started_at)
    values (${tx.tenantId}, ${launch.launchId}, ${launch.reference}, 'waiting', ${reason},
      ${launch.connectionId}, ${launch.deploymentId}, ${launch.messageType}, ${json(trace)}, ${now})
    on conflict (tenant_id, launch_id) do nothing`);
}
