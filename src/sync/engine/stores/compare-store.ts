import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { isDoubtful, looksOdd } from './fault-rules.ts';
import { byPlace, oneByOne } from './join-store.ts';
import {
  columnsOf,
  due,
  fresh,
  joined,
  named,
  raw,
  roster,
  schoolOf,
  staged,
  stagedName,
  trimmed,
} from './names.ts';
import { inScope, waysToStay } from './scope-store.ts';
import { signsOf } from './spreadsheet-store.ts';
import { countAmong } from './text-store.ts';

/** How many different rows were read, for the source's own count to agree with. */
export async function countDistinct(tx: StagingTx, entity: Entity): Promise<number> {
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from (select distinct ${trimmed(raw('sourced_id'))} from ${staged(entity)}) ids`,
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
 * @returns whether no id that was read has white space around it, as far as that was told on the way, and whether rows stay
 * where they were read
 */
export async function compare(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isWhole: boolean,
): Promise<{ isTidy: boolean; isDirect: boolean }> {
  if (!(await has(tx, run, entity)) && run.schools === undefined) {
    const among = sql`${staged(entity)} s`;
    const doubts = isDoubtful(
      entity,
      signsOf(entity).map(({ where }) => where),
    );
    const [rows, leaving, doubtful] = await countAmong(tx, among, [raw('true'), leaves, doubts]);
    if (rows === 0) return { isTidy: true, isDirect: false };
    if (leaving === 0) {
      await tx.exec(sql`insert into direct (entity) values (${entity})`);
      if (doubtful !== 0) await takeUp(tx, run, entity, doubts);
      return { isTidy: doubtful === 0, isDirect: true };
    }
  }
  const { count, isTidy } = await listDifferent(tx, run, entity, isWhole);
  await tx.exec(sql`insert into gone (entity, sourced_id, school, told)
    select distinct ${entity}::text, known, school_before, place is not null from different
    where wanted is not true and known is not null`);
  const take = () =>
    tx.exec(sql`
      insert into ${fresh(entity)} (${freshColumns(entity)}, action, school_before)
      select ${asFresh(entity, run)},
        case when known is null then 'create' when removed_before is not null then 'restore' else 'change' end,
        school_before
      from different d join ${staged(entity)} f on f.ctid = d.place where d.wanted`);
  await oneByOne(tx, stagedName(entity), count, take, byPlace);
  return { isTidy, isDirect: false };
}

/**
 * Lists the rows that differ. Cutting white space off ten million ids takes longer than to read them, so that they are first
 * compared as they are: one with white space around it is none that the roster has, and would be on the list. Only where
 * it has one all are compared again.
 */
async function listDifferent(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isWhole: boolean,
): Promise<{ count: number; isTidy: boolean }> {
  // Where not all schools are shared the list would be long.
  if (run.schools === undefined) {
    const count = await join(tx, run, entity, isWhole, true);
    const isUntidy = () =>
      tx.one(
        sql`select exists (select from different d join ${staged(entity)} f on f.ctid = d.place
          where d.known is null and f.sourced_id <> ${trimmed(raw('f.sourced_id'))}) as found`,
        found,
      );
    const untidy = await oneByOne(tx, stagedName(entity), count, isUntidy, byPlace);
    if (!untidy.found) return { count, isTidy: true };
  }
  const count = await join(tx, run, entity, isWhole, false);
  for (const hasStayed of waysToStay(entity, run)) await keepStaying(tx, entity, hasStayed);
  return { count, isTidy: false };
}

/** Of the rows that seem to have left the shared schools takes those to which the condition applies for changed ones. */
async function keepStaying(tx: StagingTx, entity: Entity, hasStayed: Sql): Promise<void> {
  const left = raw('d.place is not null and d.known is not null and d.wanted is not true');
  const some = await tx.one(sql`select exists (select from different d where ${left}) as found`, found);
  if (!some.found) return;
  await tx.exec(sql`update different d set wanted = true from ${staged(entity)} s
    where s.ctid = d.place and ${left} and not ${leaves} and ${hasStayed}`);
}

/** @param asRead compares ids as they are, and lists all that the roster does not have, wanted or not */
function join(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isWhole: boolean,
  asRead: boolean,
): Promise<number> {
  const id = asRead ? raw('s.sourced_id') : idOf('s');
  const read = sql`select s.ctid as place, ${id} as sourced_id, ${hashOf(entity, run, 's', asRead)} as content_hash,
    (not ${leaves} and ${inScope(entity, run)}) as wanted from ${staged(entity)} s`;
  return remake(
    tx,
    sql`select s.place, s.wanted, c.known, c.removed_before, c.school_before
    from (${read}) s ${raw(isWhole ? 'full' : 'left')} join (
      select c.sourced_id as known, c.content_hash as hash_before, c.removed_at as removed_before,
        ${schoolOf(entity, 'c')} as school_before
      from ${roster(entity)} c
      where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}) c on c.known = s.sourced_id
    where case when s.place is null then c.removed_before is null
      when s.wanted then c.known is null or c.hash_before <> s.content_hash or c.removed_before is not null
      else ${raw(asRead ? '' : 'c.known is not null and')} c.removed_before is null end`,
  );
}

/** A table that is made of a query is filled by several processes, one that there is already by one. */
async function remake(tx: StagingTx, rows: Sql): Promise<number> {
  await tx.exec(sql`drop table if exists different`);
  return tx.exec(sql`create temporary table different on commit drop as ${rows}`);
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
    sql`f.metadata, ${hashOf(entity, run, 'f')}, f.sourced_id <> ${trimmed(raw('f.sourced_id'))}, ${looksOdd(entity)}`,
  ]);

/** A staged row's id without the white space around it. */
export const idOf = (alias: string): Sql => sql`nullif(${trimmed(raw(`${alias}.sourced_id`))}, '')`;

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

/** The source says that the row is gone (OneRoster 1.2 CSV §1.3.3). Mostly it says nothing, which is told sooner than what it says. */
export const leaves = raw(`(s.status is not null and lower(btrim(s.status)) = 'tobedeleted')`);

/** What a row's text comes to, read the way this run reads. @param isTidy its id has no white space around it */
export function hashOf(
  entity: Entity,
  { reading }: Pick<EngineRun, 'reading'>,
  alias: string,
  isTidy = false,
): Sql {
  const read = raw(`${alias}.sourced_id`);
  const id = isTidy ? read : trimmed(read);
  const own = columnsOf(entity).map((column) => named(column, alias));
  return sql`hash_record_extended(row(${joined([id, ...own, raw(`${alias}.metadata`)])}),
    hashtextextended(${reading}, 0))`;
}

const found = z.object({ found: z.boolean() });

async function has(tx: StagingTx, run: EngineRun, entity: Entity): Promise<boolean> {
  const row = await tx.one(
    sql`select exists (select from ${roster(entity)}
      where tenant_id = ${tx.tenantId} and connection_id = ${run.connectionId}) as found`,
    found,
  );
  return row.found;
}

/**
 * Rows as they will be once the run is applied: text by column name, with `is_fresh`.
 *
 * @param columns expressions over the row `f` of `fresh` and, for the roster, over its row `c`
 */
export function whole(
  tx: StagingTx,
  run: Pick<EngineRun, 'connectionId' | 'direct'>,
  entity: Entity,
  columns: { ofFresh: Sql; ofRoster: Sql },
): Sql {
  return sql`(select f.sourced_id, ${columns.ofFresh} from ${due(entity, run)} f where f.action <> 'reject'
    union all
    select c.sourced_id, ${columns.ofRoster} from ${roster(entity)} c
    where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null
      and not exists (select from gone g where g.entity = ${entity} and g.sourced_id = c.sourced_id)
      and not exists (select from ${fresh(entity)} f where f.sourced_id = c.sourced_id and f.action <> 'reject'))`;
}

/** Marks rows that will be looked at again next time, since what is wrong with them may be mended elsewhere. */
export const lookAgain = raw('content_hash = 0');
