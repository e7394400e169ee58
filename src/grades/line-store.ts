import { type Sql, sql } from '../platform/sql/sql.ts';

/**
 * The beginning of a statement that changes lines which `named` lists; a `do update` has to follow, where `l` is the line
 * and `excluded` holds what was given. It is written as an insert that always meets its row, and so finds each by the
 * whole key and in its newest version, whatever the planner believes: a plan for an `update … from`, made while the table
 * was small, would read all lines of the tenant for every batch.
 *
 * @param named a table with line_item_id and person_id of lines that exist
 * @param given columns of the line to hand over, and what in `named` they are made of; `newest_at` among them
 */
export function meetLines(named: Sql, tenantId: string, given: { columns: Sql; values: Sql }): Sql {
  return sql`
      insert into grade_line as l (tenant_id, line_item_id, person_id, connection_id, newest_hash, ${given.columns})
      select ${tenantId}, line_item_id, person_id, ${tenantId}, '', ${given.values} from ${named}
      on conflict (tenant_id, line_item_id, person_id)`;
}
