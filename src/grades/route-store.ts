import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import { breakerThreshold } from '../health/breaker/transition.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { impossibleWaitMs } from './back-off.ts';

const failuresRow = z.object({ failures: z.number() });
const wasRunningRow = z.object({ was_running: z.boolean() });

/** Makes the row of a connection that has none yet, with a full bucket. @returns whether it had none */
export async function ensureRoute(
  tx: TenantTx,
  connectionId: ConnectionId,
  tokens: number,
  now: Date,
): Promise<boolean> {
  const made = await tx.exec(sql`
    insert into grade_route (tenant_id, connection_id, state, tokens, filled_at, changed_at)
    select ${tx.tenantId}, ${connectionId}, 'running', ${tokens}, ${now}, ${now}
    where not exists (select from grade_route where tenant_id = ${tx.tenantId} and connection_id = ${connectionId})
    on conflict do nothing`);
  return made === 1;
}

/** The connection works: its failures are forgotten, and a fault that had stopped it is over. */
export async function noteRouteWorks(tx: TenantTx, connectionId: ConnectionId, now: Date): Promise<void> {
  await tx.exec(sql`
    update grade_route set failures = 0, blocked_until = null, stopped_version = null, changed_at = ${now},
      reason = case state when 'stopped' then null else reason end,
      state = case state when 'stopped' then 'running' else state end
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and (failures > 0 or state = 'stopped' or blocked_until is not null)`);
}

/**
 * Counts failures of the host: one by one until it counts as down, then one for each time it was tried.
 *
 * @returns how many there are in a row now
 */
export async function noteRouteFailures(
  tx: TenantTx,
  connectionId: ConnectionId,
  count: number,
): Promise<number> {
  const row = await tx.maybeOne(
    sql`update grade_route set failures = case when failures < ${breakerThreshold}
          then least(failures + ${count}, ${breakerThreshold}) else least(failures + 1, 1000) end
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} returning failures`,
    failuresRow,
  );
  return row?.failures ?? 0;
}

/** Leaves the connection alone until then; never less than it was to be left alone already. */
export async function blockRoute(
  tx: TenantTx,
  connectionId: ConnectionId,
  { until, now }: { until: Date; now: Date },
): Promise<void> {
  const impossible = new Date(now.getTime() + impossibleWaitMs);
  await tx.exec(sql`
    update grade_route
    set blocked_until = greatest(case when blocked_until <= ${impossible} then blocked_until end, ${until})
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
}

/**
 * Stops the connection for a fault of its settings, until `probeAt`; one that a person has paused stays paused.
 *
 * @returns whether it was running until now
 */
export async function stopRoute(
  tx: TenantTx,
  connectionId: ConnectionId,
  input: { reason: string; version: number; probeAt: Date; now: Date },
): Promise<boolean> {
  const { reason, version, probeAt, now } = input;
  const row = await tx.maybeOne(
    sql`
    with before as (
      select state from grade_route where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} for update)
    update grade_route r set state = 'stopped', reason = ${reason}, stopped_version = ${version},
      blocked_until = ${probeAt}, changed_at = case before.state when 'stopped' then r.changed_at else ${now} end
    from before
    where r.tenant_id = ${tx.tenantId} and r.connection_id = ${connectionId} and before.state <> 'paused'
    returning before.state = 'running' as was_running`,
    wasRunningRow,
  );
  return row?.was_running ?? false;
}

/** Lets every stopped connection of the tenant be tried now: somebody has changed its settings. @returns how many */
export function reviveRoutes(tx: TenantTx, now: Date): Promise<number> {
  return tx.exec(sql`
    update grade_route set blocked_until = ${now} where tenant_id = ${tx.tenantId} and state = 'stopped'`);
}
