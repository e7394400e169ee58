import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { hashOf, idOf, isDirect, leaves, takeUp } from './compare-store.ts';
import { note } from './finding-store.ts';
import { due, fresh, freshName, raw, staged, stagedName } from './names.ts';

/**
 * Of rows with the same sourcedId the one that was modified last counts, else the one that came last, as if they were
 * applied one after another. A row that was merely read twice (a page again, after a crash) is no finding.
 *
 * Ids are looked for by a 64-bit hash, so that ten million of them sort as numbers; what collides is told apart after.
 *
 * @param isTidy no id that was read has white space around it
 */
export async function settleTwins(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  isTidy: boolean,
): Promise<void> {
  const table = fresh(entity);
  const concerned = sql`select sourced_id from ${due(entity, run)} union all
    select sourced_id from gone where entity = ${entity} and told`;
  const id = isTidy ? raw('s.sourced_id') : idOf('s');
  await tx.exec(sql`truncate twin`);
  const among = (await isMostlyFresh(tx, entity))
    ? raw('true')
    : sql`exists (select from (${concerned}) k where k.sourced_id = ${id})`;
  const hash = sql`hashtextextended(${id}, 0)`;
  const { found } = await tx.one(
    sql`select count(${hash}) > count(distinct ${hash}) as found from ${staged(entity)} s where ${among}`,
    z.object({ found: z.boolean() }),
  );
  if (!found) return;
  const { count } = await tx.one(
    sql`
    with offered as materialized (
      select s.part, s.line, ${id} as sourced_id, s.date_last_modified, ${leaves} as leaves,
        ${hashOf(entity, run, 's')} as content_hash
      from ${staged(entity)} s
      where ${hash} in (select ${hash} from ${staged(entity)} s where ${among} group by 1 having count(*) > 1)),
    put as (
      insert into twin (part, line, sourced_id, rank, leaves, is_alike, is_again)
      select part, line, sourced_id, row_number() over latest, leaves,
        (content_hash, leaves) is not distinct from
          (first_value(content_hash) over latest, first_value(leaves) over latest),
        (part, line) is not distinct from (first_value(part) over latest, first_value(line) over latest)
      from offered join (select sourced_id from offered where sourced_id in (${concerned})
        group by sourced_id having count(*) > 1) again using (sourced_id)
      window latest as (partition by sourced_id order by date_last_modified desc nulls last, part desc, line desc)
      returning 1)
    select count(*)::float8 as count from put`,
    z.object({ count: z.number() }),
  );
  if (count === 0) return;
  await takeUp(tx, run, entity, raw('(f.part, f.line) in (select part, line from twin)'));
  const lost = raw('select part, line, sourced_id from twin where rank > 1 and not is_again');
  const at = { entity, column: 'sourcedId' };
  await note(tx, run, { code: 'row_twice', severity: 'repaired', ...at }, sql`${lost} and is_alike`);
  await note(tx, run, { code: 'sourced_id_twice', severity: 'error', ...at }, sql`${lost} and not is_alike`);
  // The same line read again is the same row. One of a first load would be due again where it was read, once it is not here.
  const again = sql`(select ctid as place, row_number() over (partition by sourced_id, part, line) as n from ${table}
    where sourced_id in (select sourced_id from twin)) again where f.ctid = again.place and again.n > 1`;
  await tx.exec(sql`update ${table} f set action = 'reject' from ${again} and f.place is not null`);
  await tx.exec(sql`delete from ${table} f using ${again} and f.place is null`);
  await tx.exec(sql`update ${table} f set action = 'reject'
    from (select sourced_id, part, line from twin group by 1, 2, 3 having min(rank) > 1) t
    where f.sourced_id = t.sourced_id and f.part = t.part and f.line = t.line`);
  await tx.exec(sql`delete from gone g where g.entity = ${entity} and g.told
    and exists (select from twin t where t.sourced_id = g.sourced_id and t.rank = 1 and not t.leaves)`);
}

/** Then looking through all that was read is less work than looking for those. */
async function isMostlyFresh(tx: StagingTx, entity: Entity): Promise<boolean> {
  const { mostly } = await tx.one(
    sql`select ${isDirect(entity)} or
      pg_relation_size(${freshName(entity)}::regclass) > pg_relation_size(${stagedName(entity)}::regclass) / 2 as mostly`,
    z.object({ mostly: z.boolean() }),
  );
  return mostly;
}
