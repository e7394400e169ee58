import { z } from 'zod';
import type { HubTx, RollupTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const counted = z.object({ count: z.coerce.number() });

/**
 * Ends launches that began before `startedBefore` and that nothing can continue: their hint and their place in the
 * waiting row are gone. Whose deployment nobody claimed failed by configuration; of the others nobody knows why.
 *
 * @returns how many were ended
 */
export async function endAbandonedLaunches(
  tx: RollupTx,
  input: { startedBefore: Date; now: Date; most: number },
): Promise<number> {
  const { startedBefore, now, most } = input;
  return tx.exec(sql`
    with due as (
      select tenant_id, launch_id, state from launch
      where ended_at is null and started_at < ${startedBefore}
        and not exists (select from lti_hint h where h.tenant_id = launch.tenant_id
          and h.launch_id = launch.launch_id and h.expires_at > ${now})
        and not exists (select from lti_waiting_launch w where w.tenant_id = launch.tenant_id
          and w.launch_id = launch.launch_id and w.expires_at > ${now})
      limit ${most} for update of launch skip locked
    )
    update launch set state = 'abandoned', ended_at = ${now},
      outcome = case when launch.reason = 'tool_not_chosen' then 'user_error' when due.state = 'waiting' then 'failed_config'
        else 'expired_unknown' end,
      reason = coalesce(launch.reason, 'launch_abandoned')
    from due where launch.tenant_id = due.tenant_id and launch.launch_id = due.launch_id`);
}

/** Deletes up to `most` expired logins, hints and waiting launches of each kind. @returns how many went */
export async function purgeExpired(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(sql`select purge_expired(${most}) as count`, counted);
  return count;
}

/** Deletes up to `most` rows of each kind that are past their retention: news, incidents, answers to probes, work items. */
export async function purgeHealth(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(sql`select purge_health(${most}) as count`, counted);
  return count;
}

/** Makes the partitions of the month that `day` is in. @returns how many were missing */
export async function ensurePartitions(tx: RollupTx, day: Date): Promise<number> {
  const date = day.toISOString().slice(0, 10);
  const { count } = await tx.one(sql`select ensure_partitions(${date}::date) as count`, counted);
  return count;
}

/** Drops the partitions that are past their retention. @returns how many went */
export async function dropExpiredPartitions(tx: RollupTx): Promise<number> {
  const { count } = await tx.one(sql`select drop_expired_partitions() as count`, counted);
  return count;
}

const migration = z.object({ name: z.string() });

/** Names of the migrations the database has. */
export async function listAppliedMigrations(tx: HubTx): Promise<string[]> {
  const rows = await tx.many(sql`select name from schema_migration`, migration);
  return rows.map(({ name }) => name);
}
