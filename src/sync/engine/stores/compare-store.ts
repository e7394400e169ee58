import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { isDoubtful, looksOdd } from './fault-rules.ts';
import { oneByOne } from './join-store.ts';
import { columnsOf, due, fresh, joined, named, raw, roster, schoolOf, staged, stagedName } from './names.ts';
import { inScope } from './scope-store.ts';
import { signsOf } from './spreadsheet-store.ts';
import { countAmong } from './text-store.ts';

/** How many different rows were read, for the source's own count to agree with. */
export async function countDistinct(tx: StagingTx, entity: Entity): Promise<number> {
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from (select distinct btrim(sourced_id) from ${staged(entity)}) ids`,
    z.object({ count: z.number() }),
  );
  return count;
}

/**
 * Puts what is new or different from the roster into `fresh`, and what the roster has too much into `gone`. A row whose
 * text is the one the roster was made of costs its part of a hash join and nothing more.
 *
 * Where a connection has nothing of the entity yet all of it is new. Then only what may have to be mended goes into `fresh`;
 * the rest stays where it was read, since writing ten million rows twice would cost as much as all that is asked of them.
 *
 * @param isWhole what was read is all there is: what is missing is gone
 */
export async function compare(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isWhole: boolean,
): Promise<void> {
  if (!(await has(tx, run, entity)) && run.schools === undefined) {
    const among = sql`${staged(entity)} s`;
    const doubts = isDoubtful(
      entity,
      signsOf(entity).map(({ where }) => where),
    );
    const [rows, leaving, doubtful] = await countAmong(tx, among, [raw('true'), leaves, doubts]);
    if (rows === 0) return;
    if (leaving === 0) {
      await tx.exec(sql`insert into direct (entity) values (${entity})`);
      if (doubtful !== 0) await takeUp(tx, run, entity, doubts);
      return;
    }
  }
  const read = sql`select s.ctid as place, ${idOf('s')} as sourced_id, ${hashOf(entity, run, 's')} as content_hash,
    (not ${leaves} and ${inScope(entity, run)}) as wanted from ${staged(entity)} s`;
  // A table that is made of a query is filled by several processes, one that there is already by one.
  await tx.exec(sql`drop table if exists different`);
  const count = await tx.exec(sql`create temporary table different on commit drop as
    select s.place, s.wanted, c.known, c.removed_before, c.school_before
    from (${read}) s ${raw(isWhole ? 'full' : 'left')} join (
      select c.sourced_id as known, c.content_hash as hash_before, c.removed_at as removed_before,
        ${schoolOf(entity, 'c')} as school_before
      from ${roster(entity)} c
      where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}) c on c.known = s.sourced_id
    where case when s.place is null then c.removed_before is null
      when s.wanted then c.known is null or c.hash_before <> s.content_hash or c.removed_before is not null
      else c.known is not null and c.removed_before is null end`);
  await tx.exec(sql`insert into gone (entity, sourced_id, school, told)
    select distinct ${entity}::text, known, school_before, place is not null from different where wanted is not true`);
  await oneByOne(tx, stagedName(entity), count, () =>
    tx.exec(sql`
      insert into ${fresh(entity)} (${freshColumns(entity)}, action, school_before)
      select ${asFresh(entity, run)},
        case when known is null then 'create' when removed_before is not null then 'restore' else 'change' end,
        school_before
      from different d join ${staged(entity)} f on f.ctid = d.place where d.wanted`),
  );
}

const freshColumns = (entity: Entity): Sql =>
  joined([
    raw('part, line, sourced_id'),
    ...columnsOf(entity).map((column) => named(column)),
    raw('metadata, content_hash, is_trimmed, is_odd'),
  ]);

/** A staged row (`f`) as the columns above. */
const asFresh = (entity: Entity, run: EngineRun): Sql =>
  joined([
    sql`f.part, f.line, ${idOf('f')}`,
    ...columnsOf(entity).map((column) => named(column, 'f')),
    sql`f.metadata, ${hashOf(entity, run, 'f')}, f.sourced_id <> btrim(f.sourced_id), ${looksOdd(entity)}`,
  ]);

/** A staged row's id without the white space around it. */
const idOf = (alias: string): Sql => raw(`nullif(btrim(${alias}.sourced_id), '')`);

/**
 * Puts rows of a first load, which stay where they were read as long as nothing is wrong with them, into `fresh`, where they
 * can be mended. Rows that are there already, and those of a later load, stay as they are.
 *
 * @param which a condition over the row `f` as it was read
 */
export async function takeUp(tx: StagingTx, run: EngineRun, entity: Entity, which: Sql): Promise<void> {
  await tx.exec(sql`insert into ${fresh(entity)} (${freshColumns(entity)}, action, place)
    select ${asFresh(entity, run)}, 'create', f.ctid
    from ${staged(entity)} f where ${isDirect(entity)} and (${which})
      and not exists (select from ${fresh(entity)} t where t.place = f.ctid)`);
}

/** Whether the entity is loaded for the first time. */
export function isDirect(entity: Entity): Sql {
  return sql`(select exists (select from direct where entity = ${entity}))`;
}

/** The source says that the row is gone (OneRoster 1.2 CSV §1.3.3). */
export const leaves = raw(`(lower(btrim(coalesce(s.status, ''))) = 'tobedeleted')`);

/** What a row's text comes to, read the way this run reads. */
export function hashOf(entity: Entity, { reading }: Pick<EngineRun, 'reading'>, alias: string): Sql {
  const own = columnsOf(entity).map((column) => named(column, alias));
  return sql`hash_record_extended(row(${joined([raw(`btrim(${alias}.sourced_id)`), ...own, raw(`${alias}.metadata`)])}),
    hashtextextended(${reading}, 0))`;
}

async function has(tx: StagingTx, run: EngineRun, entity: Entity): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from ${roster(entity)}
      where tenant_id = ${tx.tenantId} and connection_id = ${run.connectionId}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/**
 * Rows as they will be once the run is applied: text by column name, with `is_fresh`.
 *
 * @param columns expressions over the row `f` of `fresh` and, for the roster, over its row `c`
 */
export function whole(
  tx: StagingTx,
  { connectionId }: Pick<EngineRun, 'connectionId'>,
  entity: Entity,
  columns: { ofFresh: Sql; ofRoster: Sql },
): Sql {
  return sql`(select f.sourced_id, ${columns.ofFresh} from ${due(entity)} f where f.action <> 'reject'
    union all
    select c.sourced_id, ${columns.ofRoster} from ${roster(entity)} c
    where c.tenant_id = ${tx.tenantId} and c.connection_id = ${connectionId} and c.removed_at is null
      and not exists (select from gone g where g.entity = ${entity} and g.sourced_id = c.sourced_id)
      and not exists (select from ${fresh(entity)} f where f.sourced_id = c.sourced_id and f.action <> 'reject'))`;
}

/** Marks rows that will be looked at again next time, since what is wrong with them may be mended elsewhere. */
export const lookAgain = raw('content_hash = 0');
