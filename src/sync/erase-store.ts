import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { Entity } from '../../contracts/roster.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';

/** A user of one roster. */
export interface RosterUser {
  connectionId: ConnectionId;
  sourcedId: string;
}

/** A row of a roster, by what its source calls it. */
interface Row {
  entity: Entity;
  sourcedId: string;
}

/** Whether a run of the roster writes into it at this moment. */
export async function isBeingApplied(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from sync_run where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and ended_at is null and state = 'applying') as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

const ids = z.object({ sourced_id: z.string() });

/** Deletes a user and what belongs to them, also what was removed before. @returns the rows that were there */
export async function deleteUser(tx: TenantTx, { connectionId, sourcedId }: RosterUser): Promise<Row[]> {
  const of = sql`where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`;
  const deletions: [Entity, Sql][] = [
    ['users', sql`delete from roster_user ${of} and sourced_id = ${sourcedId}`],
    ['demographics', sql`delete from roster_demographics ${of} and sourced_id = ${sourcedId}`],
    ['roles', sql`delete from roster_role ${of} and user_sourced_id = ${sourcedId}`],
    ['enrollments', sql`delete from roster_enrollment ${of} and user_sourced_id = ${sourcedId}`],
    ['results', sql`delete from roster_result ${of} and student_sourced_id = ${sourcedId}`],
  ];
  const rows: Row[] = [];
  for (const [entity, deletion] of deletions) {
    const found = await tx.many(sql`${deletion} returning sourced_id`, ids);
    rows.push(...found.map((row) => ({ entity, sourcedId: row.sourced_id })));
  }
  await tx.exec(sql`
    update roster_user set agent_sourced_ids = array_remove(agent_sourced_ids, ${sourcedId})
    ${of} and ${sourcedId} = any (agent_sourced_ids)`);
  return rows;
}

/** Deletes what is kept of rows beside the roster: fields set by hand, how they were before, and what was found at them. */
export async function deleteTraces(
  tx: TenantTx,
  { connectionId, sourcedId }: RosterUser,
  rows: readonly Row[],
): Promise<void> {
  const of = sql`where t.tenant_id = ${tx.tenantId}`;
  // Rows that are gone may have left traces too: users and demographics are found by the user's own id.
  const all = [...rows, ...(['users', 'demographics'] as const).map((entity) => ({ entity, sourcedId }))];
  const isOne = sql`(t.entity, t.sourced_id) in (select r.entity, r.sourced_id
    from unnest(${all.map(({ entity }) => entity)}::text[], ${all.map((row) => row.sourcedId)}::text[]) r (entity, sourced_id))`;
  await tx.exec(sql`delete from roster_override t ${of} and t.connection_id = ${connectionId} and ${isOne}`);
  await tx.exec(sql`
    delete from roster_change t ${of} and t.connection_id = ${connectionId} and (${isOne}
      or t.before ->> 'user_sourced_id' = ${sourcedId} or t.before ->> 'student_sourced_id' = ${sourcedId})`);
  // Whom they answer for was a row that named them.
  await tx.exec(sql`
    with named as (
      delete from roster_change t ${of} and t.connection_id = ${connectionId} and t.entity = 'users'
        and t.before -> 'agent_sourced_ids' ? ${sourcedId} returning t.*)
    insert into roster_change (tenant_id, connection_id, run_no, entity, sourced_id, action, before)
    select tenant_id, connection_id, run_no, entity, sourced_id, action,
      jsonb_set(before, '{agent_sourced_ids}', (before -> 'agent_sourced_ids') - ${sourcedId}::text)
    from named`);
  const isRunOfRoster = sql`exists (select from sync_run r where r.tenant_id = t.tenant_id and r.run_id = t.run_id
    and r.connection_id = ${connectionId})`;
  await tx.exec(sql`delete from sync_finding t ${of} and ${isRunOfRoster} and ${isOne}`);
  await forgetSamples(tx, connectionId, [...new Set(all.map((row) => row.sourcedId))]);
}

/** Plans name some rows, for whoever looks at them. */
async function forgetSamples(
  tx: TenantTx,
  connectionId: ConnectionId,
  sourcedIds: readonly string[],
): Promise<void> {
  const named = sql`i #>> '{}' = any (${sourcedIds}::text[])`;
  await tx.exec(sql`
    update sync_run r set plan = jsonb_set(r.plan, '{samples}', (
      select jsonb_agg(jsonb_set(s, '{sourcedIds}', coalesce(
        (select jsonb_agg(i order by n) from jsonb_array_elements(s -> 'sourcedIds') with ordinality e (i, n)
          where not ${named}), '[]')))
      from jsonb_array_elements(r.plan -> 'samples') s))
    where r.tenant_id = ${tx.tenantId} and r.connection_id = ${connectionId} and exists (
      select from jsonb_array_elements(r.plan -> 'samples') s, jsonb_array_elements(s -> 'sourcedIds') i where ${named})`);
}

/** Whether anybody of a roster was erased after a moment. */
export async function hasErasedSince(
  tx: TenantTx,
  connectionId: ConnectionId,
  since: Date,
): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from person_tombstone t where t.tenant_id = ${tx.tenantId}
      and t.connection_id = ${connectionId} and t.erased_at >= ${since}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}
