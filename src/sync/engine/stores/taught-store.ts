import { z } from 'zod';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { isDirect } from './compare-store.ts';
import { type Beside, oneByOne } from './join-store.ts';
import { due, raw } from './names.ts';

const countRow = z.object({ count: z.number(), is_direct: z.boolean() });

/**
 * A query of part, line and sourced_id: new and different classes that nobody will teach. Those of a night are few, and
 * their teachers are looked up rather than looked for among ten million enrollments; undefined where enrollments come for
 * the first time, since then there is nothing to look them up in.
 *
 * @param use is given the query, and how the planner is told to look rows up while it runs
 * @returns whether `use` was called
 */
export async function withUntaught(
  tx: StagingTx,
  run: EngineRun,
  use: (classes: Sql) => Promise<void>,
): Promise<boolean> {
  const { count, is_direct: isFirst } = await tx.one(
    sql`select count(*)::float8 as count, ${isDirect('enrollments')} as is_direct from ${due('classes', run)} where action <> 'reject'`,
    countRow,
  );
  if (isFirst) return false;
  if (count > 0) await oneByOne(tx, 'roster_enrollment', count, (beside) => use(untaught(tx, run, beside)));
  return true;
}

/** What is to be left out is taken off by counting: where rows are looked up, joining it would be a guess of the planner's. */
function untaught(tx: StagingTx, run: EngineRun, beside: Beside): Sql {
  const teaches = beside(
    raw('roster_enrollment'),
    sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null
      and c.role = 'teacher' and c.class_sourced_id = asked.sourced_id`,
  );
  return sql`with asked as materialized (
      select f.part, f.line, f.sourced_id from ${due('classes', run)} f where f.action <> 'reject'),
    had (sourced_id, class, n) as (
      select c.sourced_id, c.class_sourced_id, 1 from (select distinct sourced_id from asked) asked ${teaches}
      union all select f.sourced_id, null, 2 from ${due('enrollments', run)} f where f.action <> 'reject'
      union all select g.sourced_id, null, 2 from gone g where g.entity = 'enrollments'),
    taught (part, line, sourced_id, n) as (
      select part, line, sourced_id, 0 from asked
      union all select null, null, max(class), 1 from had group by sourced_id having max(n) = 1
      union all select null, null, f.class_sourced_id, 1 from ${due('enrollments', run)} f
        where f.action <> 'reject' and f.role = 'teacher')
    select max(part) as part, max(line) as line, sourced_id from taught group by sourced_id having max(n) = 0`;
}
