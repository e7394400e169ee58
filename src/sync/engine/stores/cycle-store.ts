import { z } from 'zod';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { lookAgain, takeUp, whole } from './compare-store.ts';
import { note } from './finding-store.ts';
import { due, fresh, raw } from './names.ts';

type Tree = 'orgs' | 'academicSessions';

/** Parents that lead back to their child: an org or session above itself. The loop is cut where it was found. */
export async function settleCycles(tx: StagingTx, run: EngineRun, entity: Tree): Promise<void> {
  const table = fresh(entity);
  const found = await findLooped(tx, run, entity);
  if (found.length === 0) return;
  await takeUp(tx, run, entity, sql`f.sourced_id = any (${found}::text[])`);
  const at = sql`sourced_id = any (${found}::text[]) and action <> 'reject'`;
  await note(
    tx,
    run,
    {
      code: 'reference_cycle',
      severity: run.profile === 'strict' ? 'error' : 'warning',
      entity,
      column: 'parentSourcedId',
    },
    sql`select part, line, sourced_id from ${table} where ${at}`,
  );
  const change =
    run.profile === 'strict' ? raw(`action = 'reject'`) : sql`parent_sourced_id = null, ${lookAgain}`;
  await tx.exec(sql`update ${table} set ${change} where ${at}`);
}

const looped = z.object({ sourced_id: z.string() });

/**
 * New and different rows that are above themselves. All climb at once, twice as far each time, and who comes to the top is
 * left out: a chain of any length costs a few passes, where pairs of a row and what is above it would be its square. After as
 * many steps as there are rows whoever still climbs goes round, and stands on what goes round.
 */
async function findLooped(tx: StagingTx, run: EngineRun, entity: Tree): Promise<string[]> {
  const asked = sql`select f.sourced_id from ${due(entity, run)} f
    where f.action <> 'reject' and f.parent_sourced_id is not null`;
  if ((await tx.maybeOne(sql`${asked} limit 1`, looped)) === undefined) return [];
  const parents = whole(tx, run, entity, {
    ofFresh: raw('f.parent_sourced_id as above'),
    ofRoster: raw('c.parent_sourced_id as above'),
  });
  await tx.exec(sql`drop table if exists climb`);
  const all = await tx.exec(sql`create temporary table climb on commit drop as
    select sourced_id, above from ${parents} p where above is not null`);
  let left = all;
  for (let steps = 1; left > 0 && steps < all; steps *= 2) {
    left = await tx.exec(sql`create temporary table climbed on commit drop as
      select c.sourced_id, n.above from climb c join climb n on n.sourced_id = c.above`);
    await tx.exec(sql`drop table climb`);
    await tx.exec(sql`alter table climbed rename to climb`);
  }
  const rows = await tx.many(
    sql`select distinct c.above as sourced_id from climb c where c.above in (${asked})`,
    looped,
  );
  return rows.map((row) => row.sourced_id);
}
