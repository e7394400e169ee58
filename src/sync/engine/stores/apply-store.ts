import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { hashOf } from './compare-store.ts';
import { isUnderKey, oneByOne, underKey } from './join-store.ts';
import { columnsOf, due, fresh, joined, named, raw, typed } from './names.ts';

type Writing = Pick<EngineRun, 'connectionId' | 'runNo'>;

/** An entity, and the table in which the connection's rows of it stand. */
export interface Target {
  entity: Entity;
  table: string;
}

/** Keeps rows as they were. @param which the rows of `c`, and the action each is kept for */
function keep(
  tx: StagingTx,
  run: Writing,
  { entity, table }: Target,
  action: Sql,
  which: Sql,
): Promise<number> {
  return tx.exec(sql`
    insert into roster_change (tenant_id, connection_id, run_no, entity, sourced_id, action, before)
    select c.tenant_id, c.connection_id, ${run.runNo}::integer, ${entity}, c.sourced_id, ${action}, to_jsonb(c)
    from ${raw(table)} c ${which}`);
}

/** Marks what is gone; the rows stay, so that they can come back. */
export async function removeGone(tx: StagingTx, run: Writing, target: Target, now: Date): Promise<number> {
  const { entity, table } = target;
  // What a later run has brought while these removals waited for somebody stays.
  const isThere = sql`${isUnderKey('g')} and c.removed_at is null and c.changed_run <= ${run.runNo}`;
  const gone = sql`${underKey(tx, run, sql`select sourced_id from gone where entity = ${entity}`)} g`;
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from gone where entity = ${entity}`,
    z.object({ count: z.number() }),
  );
  if (count === 0) return 0;
  return oneByOne(tx, table, count, async () => {
    await keep(tx, run, target, raw(`'remove'`), sql`join ${gone} on ${isThere}`);
    return tx.exec(sql`
      update ${raw(table)} c set removed_at = ${now}, changed_at = ${now}, changed_run = ${run.runNo}
      from ${gone} where ${isThere}`);
  });
}

const countsRow = z.object({ change: z.number(), restore: z.number(), same: z.number() });

function countActions(tx: StagingTx, entity: Entity) {
  const count = (action: string) =>
    raw(`(count(*) filter (where action = '${action}'))::float8 as ${action}`);
  return tx.one(
    sql`select ${joined([count('change'), count('restore'), count('same')])} from ${fresh(entity)}`,
    countsRow,
  );
}

/**
 * Lets plans be kept for the rest of the transaction: else the check of a foreign key would be planned anew for each row
 * that is written.
 */
export async function keepPlans(tx: StagingTx): Promise<void> {
  await tx.exec(sql`select set_config('plan_cache_mode', 'auto', true)`);
}

/** Writes what is different, and what is there again. */
export async function writeChanged(
  tx: StagingTx,
  run: Writing,
  target: Target,
  now: Date,
): Promise<{ changed: number; restored: number }> {
  const { entity, table } = target;
  const of = (action: 'change' | 'restore' | 'same') =>
    sql`${underKey(tx, run, sql`select * from ${fresh(entity)} where action = ${action}`)} f`;
  const counts = await countActions(tx, entity);
  const update = async (action: 'change' | 'restore'): Promise<number> => {
    if (counts[action] === 0) return 0;
    await keep(tx, run, target, sql`${action}`, sql`join ${of(action)} on ${isUnderKey('f')}`);
    const values = columnsOf(entity).map((column) => sql`${named(column)} = ${typed(column, 'f')}`);
    return tx.exec(sql`
      update ${raw(table)} c set ${joined(values)}, metadata = f.metadata::jsonb, content_hash = f.content_hash,
        changed_run = ${run.runNo}, part = f.part, line = f.line, changed_at = ${now}, removed_at = null
      from ${of(action)} where ${isUnderKey('f')}`);
  };
  return oneByOne(tx, table, counts.change + counts.restore + counts.same, async () => {
    const changed = await update('change');
    const restored = await update('restore');
    if (counts.same === 0) return { changed, restored };
    // What says the same in other words is not compared in vain again.
    await tx.exec(sql`
      update ${raw(table)} c set content_hash = f.content_hash from ${of('same')}
      where ${isUnderKey('f')} and c.content_hash <> f.content_hash`);
    return { changed, restored };
  });
}

const orderRow = z.object({ isOrdered: z.boolean() });

/** So many rows tell whether a file stands in the order of its ids, or nearly so. */
const enoughToTell = 20_000;

/** Whether rows come in the order of the key by themselves: sorting ten million of them takes longer than to read them. */
async function isOrdered(tx: StagingTx, entity: Entity): Promise<boolean> {
  const row = await tx.one(
    sql`select coalesce(avg((sourced_id > before)::integer) > 0.95, false) as "isOrdered"
      from (select sourced_id, lag(sourced_id) over () as before
        from (select sourced_id from ${due(entity)} where action = 'create' limit ${enoughToTell}) first) pairs`,
    orderRow,
  );
  return row.isOrdered;
}

/**
 * Writes what is new, into the entity's own table or an annex of it. In the order of the key, so that its index grows at its
 * end, unless it is yet to be made.
 */
export async function writeCreated(
  tx: StagingTx,
  run: EngineRun,
  { entity, table }: Target,
  now: Date,
  isIndexed = true,
): Promise<number> {
  const columns = columnsOf(entity);
  const isSorted = isIndexed && !(await isOrdered(tx, entity));
  // A row without a hash stays where it was read: nothing is wrong with it, white space around its id neither.
  const hash = hashOf(entity, run, 'f', true);
  return tx.exec(sql`
    insert into ${raw(table)} (tenant_id, connection_id, sourced_id, ${joined(columns.map((each) => named(each)))},
      metadata, content_hash, created_run, changed_run, part, line, changed_at)
    select ${tx.tenantId}::uuid, ${run.connectionId}::uuid, f.sourced_id,
      ${joined(columns.map((each) => typed(each, 'f')))}, f.metadata::jsonb, coalesce(f.content_hash, ${hash}), ${run.runNo}::integer,
      ${run.runNo}::integer, f.part, f.line, ${now}::timestamptz
    from ${due(entity)} f where f.action = 'create' ${isSorted ? raw('order by f.sourced_id') : sql``}`);
}
