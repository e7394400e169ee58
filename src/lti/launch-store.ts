import type { LaunchId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';

export interface RefusedLaunch {
  launchId: LaunchId;
  reference: string;
  reason: string;
  outcome: string;
  connectionId: string | undefined;
  deploymentId: string | undefined;
  messageType: string | undefined;
  trace: unknown;
  now: Date;
}

/** Keeps a launch that ended before it began. */
export async function insertRefusedLaunch(tx: TenantTx, launch: RefusedLaunch): Promise<void> {
  await tx.exec(sql`
    insert into launch (tenant_id, launch_id, reference, state, outcome, reason, connection_id, deployment_id,
      message_type, trace, started_at, ended_at)
    values (${tx.tenantId}, ${launch.launchId}, ${launch.reference}, 'refused', ${launch.outcome}, ${launch.reason},
      ${launch.connectionId ?? null}, ${launch.deploymentId ?? null}, ${launch.messageType ?? null},
      ${json(launch.trace)}, ${launch.now}, ${launch.now})`);
}

/**
 * Ends a launch that waits, has started, or was just opened in vain; one that has gone on or ended in the meantime stays as it is.
 *
 * @returns whether it was ended
 */
export async function endLaunch(
  tx: TenantTx,
  launchId: LaunchId,
  from: 'waiting' | 'started' | 'opened',
  end: { outcome: string; reason: string; now: Date },
): Promise<boolean> {
  const ended = await tx.exec(
    sql`update launch set state = 'refused', outcome = ${end.outcome}, reason = ${end.reason}, ended_at = ${end.now}
      where tenant_id = ${tx.tenantId} and launch_id = ${launchId} and state = ${from}`,
  );
  return ended === 1;
}
