import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { columnsOf, fresh, joined, named, raw, roster, schoolOf, staged } from './names.ts';
import { inScope } from './scope-store.ts';

/** What is cut off at the ends of values. */
export const ends = ' \t\r\n\u00a0';

/** White space at an end of a value, or a control character anywhere (U+001F stands between the values). */
const oddText = '^\\s|\\s$|\\x1f\\s|\\s\\x1f|[\\x01-\\x1e\\x7f]';

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
 * text is the one the roster was made of costs its part of a hash join and nothing more; a connection that has nothing of
 * the entity yet is spared that, too.
 *
 * @param isWhole what was read is all there is: what is missing is gone
 */
export async function compare(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isWhole: boolean,
): Promise<void> {
  const own = columnsOf(entity).map((column) => named(column));
  const columns = joined([
    raw('part'),
    raw('line'),
    raw('sourced_id'),
    ...own,
    raw('metadata'),
    raw('content_hash'),
  ]);
  const target = sql`${columns}, is_trimmed, is_odd, action, school_before`;
  const isOdd = looksOdd(entity);
  const read = readRows(entity, run);
  if (!(await has(tx, run, entity))) {
    await tx.exec(sql`insert into ${fresh(entity)} (${target})
      select ${columns}, is_trimmed, ${isOdd}, 'create', null from (${read}) s where wanted`);
    return;
  }
  await tx.exec(sql`
    with different as materialized (
      select s.*, c.known, c.hash_before, c.removed_before, c.school_before
      from (${read}) s ${raw(isWhole ? 'full' : 'left')} join (
        select c.sourced_id as known, c.content_hash as hash_before, c.removed_at as removed_before,
          ${schoolOf(entity, 'c')} as school_before
        from ${roster(entity)} c
        where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}) c on c.known = s.sourced_id
      where case when s.part is null then c.removed_before is null
        when s.wanted then c.known is null or c.hash_before <> s.content_hash or c.removed_before is not null
        else c.known is not null and c.removed_before is null end),
    left_over as (
      insert into gone (entity, sourced_id, school, told)
      select distinct ${entity}::text, known, school_before, part is not null from different where wanted is not true)
    insert into ${fresh(entity)} (${target})
    select ${columns}, is_trimmed, ${isOdd},
      case when known is null then 'create' when removed_before is not null then 'restore' else 'change' end, school_before
    from different where wanted`);
}

/** Staged rows with what tells them apart. What stands in status and dateLastModified alone makes no difference. */
function readRows(entity: Entity, run: EngineRun): Sql {
  const own = columnsOf(entity).map((column) => named(column));
  return sql`select part, line, nullif(btrim(sourced_id), '') as sourced_id, ${joined(own)}, metadata,
      ${hashOf(entity, run)} as content_hash, sourced_id <> btrim(sourced_id) as is_trimmed,
      (not ${leaves} and ${inScope(entity, run)}) as wanted
    from ${staged(entity)} s`;
}

/**
 * Whether texts of a row have to be looked at one by one. References need no pattern, which costs more than all else: what
 * is wrong within one leads nowhere. Days and words are decided by their values.
 */
function looksOdd(entity: Entity): Sql {
  const columns = columnsOf(entity);
  const texts = columns.filter(({ kind }) => ['text', 'list', 'references'].includes(kind.is));
  const references = columns.filter(({ kind }) => kind.is === 'reference').map((column) => named(column));
  const odd = references.map((name) => sql`coalesce(${name} <> btrim(${name}, ${ends}), false)`);
  if (texts.length > 0) {
    const all = joined(texts.map((column) => named(column)));
    odd.unshift(sql`concat_ws(E'\\x1f', ${all}) ~ ${oddText}`);
  }
  return odd.length === 0 ? raw('false') : sql`(${joined(odd, ' or ')})`;
}

/** The source says that the row is gone (OneRoster 1.2 CSV §1.3.3). */
export const leaves = raw(`(lower(btrim(coalesce(s.status, ''))) = 'tobedeleted')`);

/** What a row's text comes to, read the way this run reads. */
export function hashOf(entity: Entity, { reading }: Pick<EngineRun, 'reading'>): Sql {
  const own = columnsOf(entity).map((column) => named(column, 's'));
  return sql`hash_record_extended(row(${joined([raw('btrim(s.sourced_id)'), ...own, raw('s.metadata')])}),
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
  return sql`(select f.sourced_id, ${columns.ofFresh} from ${fresh(entity)} f where f.action <> 'reject'
    union all
    select c.sourced_id, ${columns.ofRoster} from ${roster(entity)} c
    where c.tenant_id = ${tx.tenantId} and c.connection_id = ${connectionId} and c.removed_at is null
      and not exists (select from gone g where g.entity = ${entity} and g.sourced_id = c.sourced_id)
      and not exists (select from ${fresh(entity)} f where f.sourced_id = c.sourced_id and f.action <> 'reject'))`;
}

/** Marks rows that will be looked at again next time, since what is wrong with them may be mended elsewhere. */
export const lookAgain = raw('content_hash = 0');
