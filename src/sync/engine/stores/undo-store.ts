import { z } from 'zod';
import type { Column, Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import { tables } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';
import { findHome } from './annex-store.ts';
import { lookAgain } from './compare-store.ts';
import { isUnderKey, oneByOne, underKey } from './join-store.ts';
import { columnsOf, joined, named, raw, roster, typed } from './names.ts';

type Undone = Pick<EngineRun, 'connectionId' | 'runNo'>;

const found = z.object({ found: z.boolean() });

/**
 * Whether a later run has changed a row that this one had changed or made. Rows are looked up one by one: without statistics of
 * the connection the planner would go through all changes for each of its rows.
 */
export async function isOvertaken(tx: StagingTx, run: Undone, entity: Entity): Promise<boolean> {
  const table = await findHome(tx, run, entity);
  const row = await tx.one(
    sql`select exists (
        select from roster_change k cross join lateral (
          select changed_run from ${raw(table)} c where ${isUnderKey('k')} offset 0) c
        where k.tenant_id = ${tx.tenantId} and k.connection_id = ${run.connectionId} and k.run_no = ${run.runNo}
          and k.entity = ${entity} and c.changed_run <> ${run.runNo})
      or exists (
        select from ${roster(entity)} c where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}
          and c.created_run = ${run.runNo} and c.changed_run <> ${run.runNo}) as found`,
    found,
  );
  return row.found;
}

/**
 * Whether a row that a later run has written, and that is in use, refers to one that the undo would take away. Rows of earlier
 * runs that do were without it before.
 */
export async function isBuiltUpon(tx: StagingTx, run: Undone, entity: Entity): Promise<boolean> {
  const ours = sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null`;
  const later = sql`from ${roster(entity)} c where ${ours} and c.changed_run > ${run.runNo}`;
  const { found: isLater } = await tx.one(sql`select exists (select ${later}) as found`, found);
  if (!isLater) return false;
  for (const { to, ids } of refersTo(entity)) {
    const taken = sql`select c.sourced_id from ${roster(to)} c where ${ours} and c.created_run = ${run.runNo}
      union all select k.sourced_id from roster_change k where k.tenant_id = ${tx.tenantId}
        and k.connection_id = ${run.connectionId} and k.run_no = ${run.runNo} and k.entity = ${to} and k.action = 'restore'`;
    const row = await tx.one(
      sql`select exists (select from (select ${ids} as id ${later}) l join (${taken}) t on t.sourced_id = l.id) as found`,
      found,
    );
    if (row.found) return true;
  }
  return false;
}

/** What a row (`c`) refers to. A demographics row is a user's, by the same sourcedId (OneRoster 1.2 CSV, demographics). */
function refersTo(entity: Entity): { to: Entity; ids: Sql }[] {
  const own = columnsOf(entity).flatMap((column) => {
    const { kind } = column;
    if (kind.is === 'reference') return [{ to: kind.to, ids: named(column, 'c') }];
    return kind.is === 'references' ? [{ to: kind.to, ids: sql`unnest(${named(column, 'c')})` }] : [];
  });
  return entity === 'demographics' ? [...own, { to: 'users', ids: raw('c.sourced_id') }] : own;
}

/** Takes back what the run has made; as with all removals the rows stay for a while, for whoever follows changes. */
export function takeBackCreated(tx: StagingTx, run: Undone, entity: Entity, now: Date): Promise<number> {
  return tx.exec(sql`
    update ${roster(entity)} c set removed_at = ${now}, changed_at = ${now}
    where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}
      and c.created_run = ${run.runNo} and c.removed_at is null`);
}

const countsRow = z.object({ changed: z.number(), removed: z.number(), restored: z.number() });

/**
 * Puts rows back as they were, also those that have been cleared away since, and forgets that they were changed: undone
 * twice is undone once. What the institution has set by hand since stands, and a row that was to be looked at again still is:
 * as it was before, it may hold a value by hand that was given up since.
 *
 * @returns rows that are as before a change, gone as before a return, and there as before a removal
 */
export async function putBack(
  tx: StagingTx,
  run: Undone,
  entity: Entity,
  now: Date,
): Promise<z.output<typeof countsRow>> {
  const table = roster(entity);
  const own = [
    ...columnsOf(entity).map((column) => named(column)),
    ...['metadata', 'created_run', 'changed_run', 'part', 'line', 'changed_at', 'removed_at'].map(raw),
  ];
  const ofRun = sql`tenant_id = ${tx.tenantId} and connection_id = ${run.connectionId} and run_no = ${run.runNo}
    and entity = ${entity}`;
  const home = await findHome(tx, run, entity);
  await tx.exec(sql`
    insert into ${raw(home)} as c (tenant_id, connection_id, sourced_id, content_hash, ${joined(own)})
    select b.tenant_id, b.connection_id, b.sourced_id, b.content_hash, ${joined(own.map((name) => sql`b.${name}`))}
    from roster_change k, jsonb_populate_record(null::${table},
      k.before || jsonb_build_object('changed_at', ${now}::timestamptz)) b
    where k.tenant_id = ${tx.tenantId} and k.connection_id = ${run.connectionId} and k.run_no = ${run.runNo}
      and k.entity = ${entity}
    on conflict on constraint ${raw(`${home}_pkey`)} do update
      set content_hash = case when c.content_hash = 0 then 0 else excluded.content_hash end,
        ${joined(own.map((name) => sql`${name} = excluded.${name}`))}`);
  for (const column of columnsOf(entity)) await keepByHand(tx, run, entity, column, ofRun);
  return tx.one(
    sql`with forgotten as (delete from roster_change where ${ofRun} returning action)
      select (count(*) filter (where action = 'change'))::float8 as changed,
        (count(*) filter (where action = 'restore'))::float8 as removed,
        (count(*) filter (where action = 'remove'))::float8 as restored from forgotten`,
    countsRow,
  );
}

/** Writes what was set by hand in a column over rows that were put back. @param ofRun a condition: changes of the run */
async function keepByHand(
  tx: StagingTx,
  run: Undone,
  entity: Entity,
  column: Column,
  ofRun: Sql,
): Promise<void> {
  const byHand = sql`select o.sourced_id, o.value as ${named(column)} from roster_override o
    where o.tenant_id = ${tx.tenantId} and o.connection_id = ${run.connectionId} and o.entity = ${entity}
      and o.column_name = ${column.name} and o.sourced_id in (select sourced_id from roster_change where ${ofRun})`;
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from (${byHand}) f`,
    z.object({ count: z.number() }),
  );
  if (count === 0) return;
  await oneByOne(tx, tables[entity], count, () =>
    tx.exec(sql`update ${roster(entity)} c set ${named(column)} = ${typed(column, 'f')}, ${lookAgain}
      from ${underKey(tx, run, byHand)} f where ${isUnderKey('f')}`),
  );
}
