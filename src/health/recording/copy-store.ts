import { z } from 'zod';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import { outcomeMeanings, outcomes } from '../outcomes.ts';
import { markRows } from '../rollups/mark-store.ts';

const counted = z.object({ count: z.coerce.number() });

/** Outcomes that are failures, for statements. */
export const failures: readonly string[] = outcomes.filter((outcome) => outcomeMeanings[outcome].failure);

/** Copies up to so many exchanges of one kind that have ended. @returns how many rows it has looked at */
export type CopyStep = (tx: RollupTx, most: number) => Promise<number>;

/**
 * What the steps have in common. Each takes rows of its own that have ended and are not copied, into `exchange` and
 * `exchange_attempt`, marks them as copied and their five minutes as to be counted anew, in one statement: all of it is kept or
 * none. Several copies share the work, since each passes over rows another one holds.
 *
 * @param source the expressions `marked`, with a row for each that was taken, `attempts`, which inserts tries, and `ended`:
 *   the columns of `exchange` but partner and tier
 */
async function copyEnded(tx: RollupTx, source: Sql): Promise<number> {
  const { count } = await tx.one(
    sql`with ${source}, exchanges as (
      insert into exchange (tenant_id, exchange_id, kind, connection_id, tool_id, connector_version, outcome, reason, attempts,
        failed_attempts, policy_version, offered, rejected, started_at, ended_at, partner, tier)
      select ended.tenant_id, exchange_id, ended.kind, connection_id, tool_id, connector_version, outcome, reason, attempts,
        failed_attempts, policy_version, offered, rejected, started_at, ended_at, connection.partner,
        coalesce(connection.tier, 'standard')
      from ended left join connection using (tenant_id, connection_id)
      on conflict do nothing
    ), marks as (${markRows(sql`ended`)})
    select count(*) from marked`,
    counted,
  );
  return count;
}

/** 1 for an outcome that is a failure, otherwise 0. */
const isFailed = sql`(outcome = any (${failures}::text[]))::integer`;

/** What has one try only. */
const onlyAttempt = sql`attempts as (
  insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, started_at, ended_at)
  select tenant_id, exchange_id, 1, outcome, reason, started_at, ended_at from ended
  on conflict do nothing
)`;

/** Launches. */
export const copyEndedLaunches: CopyStep = (tx, most) =>
  copyEnded(
    tx,
    sql`due as (
      select tenant_id, launch_id, connection_id, tool_id, outcome, reason, policy_version, started_at, ended_at
      from launch where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update launch set copied = true from due
      where launch.tenant_id = due.tenant_id and launch.launch_id = due.launch_id
      returning launch.launch_id
    ), ended as (
      select tenant_id, launch_id as exchange_id, 'launch' as kind, connection_id, tool_id, null as connector_version, outcome, reason, 1 as attempts, ${isFailed} as failed_attempts, policy_version,
        0 as offered, 0 as rejected, started_at, ended_at
      from due
    ), ${onlyAttempt}`,
  );

/**
 * Grade deliveries with their tries. One that was sent again after its end ends a second time: then it has an exchange for each
 * end under the same id, and each counts the tries since the end before.
 */
export const copyEndedDeliveries: CopyStep = (tx, most) =>
  copyEnded(
    tx,
    sql`due as (
      select tenant_id, delivery_id, connection_id, tool_id, outcome, reason, accepted_at, ended_at
      from grade_delivery where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update grade_delivery d set copied = true from due
      where d.tenant_id = due.tenant_id and d.delivery_id = due.delivery_id
      returning d.delivery_id
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
      returning tenant_id, exchange_id, outcome
    ), ended as (
      select tenant_id, delivery_id as exchange_id, 'grade_delivery' as kind, connection_id, tool_id,
        null as connector_version, due.outcome, reason, coalesce(tries, 0) as attempts, coalesce(failed, 0) as failed_attempts,
        null::integer as policy_version, 0 as offered, 0 as rejected, accepted_at as started_at, ended_at
      from due left join (
        select tenant_id, exchange_id as delivery_id, count(*) as tries, sum(${isFailed}) as failed
        from attempts group by tenant_id, exchange_id) tried using (tenant_id, delivery_id)
    )`,
  );

/** Roster runs. One that was undone later ended as it ended. */
export const copyEndedRuns: CopyStep = (tx, most) =>
  copyEnded(
    tx,
    sql`due as (
      select tenant_id, run_id, connection_id, connector_version, outcome, reason, offered, rejected, requested_at, ended_at,
        -- A run that broke off without a word has failed all the same.
        greatest(failed_tries, ${isFailed}) as failed
      from sync_run where ended_at is not null and not copied
      limit ${most} for update skip locked
    ), marked as (
      update sync_run r set copied = true from due
      where r.tenant_id = due.tenant_id and r.run_id = due.run_id
      returning r.run_id
    ), ended as (
      select tenant_id, run_id as exchange_id, 'sync_run' as kind, connection_id, null::uuid as tool_id, connector_version,
        outcome, reason, failed + 1 - ${isFailed} as attempts, failed as failed_attempts,
        null::integer as policy_version, offered, rejected, requested_at as started_at, ended_at
      from due
    ), attempts as (
      -- Tries are counted and leave no rows: the last one stands for its outcome.
      insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, started_at, ended_at)
      select tenant_id, exchange_id, attempts, outcome, reason, started_at, ended_at from ended
      on conflict do nothing
    )`,
  );

/** Tries to sign in; tests of one are no traffic and are only marked. */
export const copySignIns: CopyStep = (tx, most) =>
  copyEnded(
    tx,
    sql`due as (
      select tenant_id, sign_in_id, connection_id, outcome, reason, is_test, at from sign_in where not copied
      limit ${most} for update skip locked
    ), marked as (
      update sign_in s set copied = true from due
      where s.tenant_id = due.tenant_id and s.sign_in_id = due.sign_in_id
      returning s.sign_in_id
    ), ended as (
      select tenant_id, sign_in_id as exchange_id, 'sign_in' as kind, connection_id, null::uuid as tool_id,
        null as connector_version, outcome, reason, 1 as attempts, ${isFailed} as failed_attempts,
        null::integer as policy_version, 0 as offered, 0 as rejected, at as started_at, at as ended_at
      from due where not is_test
    ), ${onlyAttempt}`,
  );

/** Tokens that tools were given. Tools are of no tenant, so these are the hub's own. */
export const copyTokenGrants: CopyStep = (tx, most) =>
  copyEnded(
    tx,
    sql`marked as (
      delete from token_grant where exchange_id = any (array(
        select exchange_id from token_grant limit ${most}))
      returning exchange_id, tool_id, granted_at
    ), ended as (
      select ${HUB_TENANT}::uuid as tenant_id, exchange_id, 'token_request' as kind, null::uuid as connection_id, tool_id,
        null as connector_version, 'success' as outcome, null as reason, 1 as attempts, 0 as failed_attempts,
        null::integer as policy_version, 0 as offered, 0 as rejected, granted_at as started_at, granted_at as ended_at
      from marked
    ), ${onlyAttempt}`,
  );
