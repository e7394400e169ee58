import { z } from 'zod';
import type { HubTx, RollupTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import type { Outcome } from './outcomes.ts';

const counted = z.object({ count: z.coerce.number() });

/**
 * Copies up to `most` ended launches into `exchange` and `exchange_attempt` and marks them, in one statement: all
 * of it is kept or none. Several copies share the work, since each passes over rows another one holds.
 *
 * @returns how many were copied
 */
export async function copyEndedLaunches(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(
    sql`with due as (
      select tenant_id, launch_id, connection_id, tool_id, outcome, reason, policy_version, started_at, ended_at
      from launch where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update launch set copied = true from due
      where launch.tenant_id = due.tenant_id and launch.launch_id = due.launch_id
      returning launch.launch_id
    ), exchanges as (
      insert into exchange (tenant_id, exchange_id, kind, connection_id, tool_id, partner, outcome, reason, attempts,
        policy_version, started_at, ended_at)
      select due.tenant_id, launch_id, 'launch', connection_id, tool_id, connection.partner, outcome, reason, 1,
        policy_version, started_at, ended_at
      from due left join connection using (tenant_id, connection_id)
      on conflict do nothing
    ), attempts as (
      insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, started_at, ended_at)
      select tenant_id, launch_id, 1, outcome, reason, started_at, ended_at from due
      on conflict do nothing
    )
    select count(*) from marked`,
    counted,
  );
  return count;
}

/**
 * Copies up to `most` ended grade deliveries with their tries, as launches are. One that was sent again after its end ends
 * a second time: then it has an exchange for each end under the same id, the later one counting every try, while a try
 * is copied once.
 *
 * @returns how many were copied
 */
export async function copyEndedDeliveries(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(
    sql`with due as (
      select tenant_id, delivery_id, connection_id, tool_id, outcome, reason, attempts, accepted_at, ended_at
      from grade_delivery where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update grade_delivery d set copied = true from due
      where d.tenant_id = due.tenant_id and d.delivery_id = due.delivery_id
      returning d.delivery_id
    ), exchanges as (
      insert into exchange (tenant_id, exchange_id, kind, connection_id, tool_id, partner, outcome, reason, attempts,
        started_at, ended_at)
      select due.tenant_id, delivery_id, 'grade_delivery', connection_id, tool_id, connection.partner, outcome, reason,
        attempts, accepted_at, ended_at
      from due left join connection using (tenant_id, connection_id)
      on conflict do nothing
    ), attempts as (
      insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, http_status_class, started_at,
        ended_at)
      select a.tenant_id, a.delivery_id, a.attempt, a.outcome, a.reason, a.http_status / 100, a.started_at, a.ended_at
      from due
      -- By key even where nothing is known yet of a month that has begun: its tries would be read for each delivery.
      cross join lateral (
        select * from grade_attempt own
        where own.tenant_id = due.tenant_id and own.delivery_id = due.delivery_id
        offset 0) a
      on conflict do nothing
    )
    select count(*) from marked`,
    counted,
  );
  return count;
}

/**
 * Copies up to `most` ended roster runs, as launches are. A run that was undone later ended as it ended.
 *
 * @returns how many were copied
 */
export async function copyEndedRuns(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(
    sql`with due as (
      select tenant_id, run_id, connection_id, outcome, reason, greatest(tries, 1) as tries, requested_at, ended_at
      from sync_run where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update sync_run r set copied = true from due
      where r.tenant_id = due.tenant_id and r.run_id = due.run_id
      returning r.run_id
    ), exchanges as (
      insert into exchange (tenant_id, exchange_id, kind, connection_id, partner, outcome, reason, attempts, started_at,
        ended_at)
      select due.tenant_id, run_id, 'sync_run', connection_id, connection.partner, outcome, reason, tries, requested_at,
        ended_at
      from due left join connection using (tenant_id, connection_id)
      on conflict do nothing
    ), attempts as (
      -- Tries are counted and leave no rows: the last one stands for its outcome.
      insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, started_at, ended_at)
      select tenant_id, run_id, tries, outcome, reason, requested_at, ended_at from due
      on conflict do nothing
    )
    select count(*) from marked`,
    counted,
  );
  return count;
}

/**
 * Copies up to `most` tries to sign in, as launches are; test sign-ins are no traffic and are only marked.
 *
 * @returns how many were copied
 */
export async function copySignIns(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(
    sql`with due as (
      select tenant_id, sign_in_id, connection_id, outcome, reason, is_test, at from sign_in where not copied
      limit ${most} for update skip locked
    ), marked as (
      update sign_in s set copied = true from due
      where s.tenant_id = due.tenant_id and s.sign_in_id = due.sign_in_id
      returning s.sign_in_id
    ), exchanges as (
      insert into exchange (tenant_id, exchange_id, kind, connection_id, partner, outcome, reason, attempts, started_at,
        ended_at)
      select due.tenant_id, sign_in_id, 'sign_in', connection_id, connection.partner, outcome, reason, 1, at, at
      from due left join connection using (tenant_id, connection_id) where not is_test
      on conflict do nothing
    ), attempts as (
      insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, started_at, ended_at)
      select tenant_id, sign_in_id, 1, outcome, reason, at, at from due where not is_test
      on conflict do nothing
    )
    select count(*) from marked`,
    counted,
  );
  return count;
}

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
      outcome = case due.state when 'waiting' then 'failed_config' else 'expired_unknown' end,
      reason = coalesce(launch.reason, 'launch_abandoned')
    from due where launch.tenant_id = due.tenant_id and launch.launch_id = due.launch_id`);
}

/** Deletes up to `most` expired logins, hints and waiting launches of each kind. @returns how many went */
export async function purgeExpired(tx: RollupTx, most: number): Promise<number> {
  const { count } = await tx.one(sql`select purge_expired(${most}) as count`, counted);
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

/** An exchange that left no row of its own. */
export interface RowlessExchange {
  tenantId: string;
  exchangeId: string;
  kind: string;
  connectionId: string | null;
  partner: string | null;
  outcome: Outcome;
  reason: string;
  at: Date;
}

/** Writes exchanges that begin and end at one moment. */
export async function insertExchanges(tx: RollupTx, exchanges: readonly RowlessExchange[]): Promise<void> {
  const rows = exchanges.map((exchange) => ({
    tenant_id: exchange.tenantId,
    exchange_id: exchange.exchangeId,
    kind: exchange.kind,
    connection_id: exchange.connectionId,
    partner: exchange.partner,
    outcome: exchange.outcome,
    reason: exchange.reason,
    ended_at: exchange.at,
  }));
  await tx.exec(sql`
    insert into exchange (tenant_id, exchange_id, kind, connection_id, partner, outcome, reason, attempts, started_at,
      ended_at)
    select tenant_id, exchange_id, kind, connection_id, partner, outcome, reason, 1, ended_at, ended_at
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(tenant_id uuid, exchange_id uuid, kind text,
      connection_id uuid, partner text, outcome text, reason text, ended_at timestamptz)
    on conflict do nothing`);
}

const migration = z.object({ name: z.string() });

/** Names of the migrations the database has. */
export async function listAppliedMigrations(tx: HubTx): Promise<string[]> {
  const rows = await tx.many(sql`select name from schema_migration`, migration);
  return rows.map(({ name }) => name);
}
