import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { asText, columnNamed, named, raw, roster, staged } from './names.ts';

type ScopedRun = Pick<EngineRun, 'connectionId' | 'schools'>;

/**
 * Writes down what belongs to the shared schools: the schools and what stands above them, their classes, the courses of
 * these, everybody with a role, an enrollment or a home there, and those who answer for them.
 */
export async function fillScope(tx: StagingTx, run: ScopedRun): Promise<void> {
  if (run.schools === undefined) return;
  const schools = run.schools as string[];
  /** Rows that were read, and with a delta those the roster has. */
  const all = (entity: Entity, ...names: string[]): Sql => {
    const columns = names.map((name) => columnNamed(entity, name));
    const read = columns.map((column) => sql`, ${named(column)}`);
    const had = columns.map((column) => sql`, ${asText(column, 'c')}`);
    const together = (pieces: Sql[]) => pieces.reduce((before, piece) => sql`${before}${piece}`, sql``);
    return sql`(select btrim(sourced_id) as sourced_id${together(read)} from ${staged(entity)}
      union all select c.sourced_id${together(had)} from ${roster(entity)} c
      where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null)`;
  };
  const put = (entity: Entity, ids: Sql) =>
    tx.exec(sql`insert into scope (entity, sourced_id)
      select distinct ${entity}::text, id from (${ids}) found (id) where id is not null`);
  const scoped = (entity: Entity) => sql`select sourced_id from scope where entity = ${entity}`;

  await put(
    'orgs',
    sql`with recursive above (id) as (
      select unnest(${schools}::text[])
      union select o.parent_sourced_id from above join ${all('orgs', 'parentSourcedId')} o on o.sourced_id = above.id)
    select id from above`,
  );
  await put(
    'classes',
    sql`select sourced_id from ${all('classes', 'schoolSourcedId')} k where school_sourced_id = any (${schools})`,
  );
  await put(
    'courses',
    sql`select sourced_id from ${all('courses', 'orgSourcedId')} k where org_sourced_id = any (${schools})
      union all select course_sourced_id from ${all('classes', 'courseSourcedId')} k
      where sourced_id in (${scoped('classes')})`,
  );
  await put(
    'users',
    sql`select sourced_id from ${all('users', 'primaryOrgSourcedId')} k where primary_org_sourced_id = any (${schools})
      union all select user_sourced_id from ${all('roles', 'userSourcedId', 'orgSourcedId')} k
      where org_sourced_id = any (${schools})
      union all select user_sourced_id from ${all('enrollments', 'userSourcedId', 'schoolSourcedId')} k
      where school_sourced_id = any (${schools})`,
  );
  await put(
    'users',
    sql`select btrim(agent) from ${all('users', 'agentSourcedIds')} k, unnest(string_to_array(k.agent_sourced_ids, ',')) agent
      where k.sourced_id in (${scoped('users')}) and k.agent_sourced_ids is not null
      except ${scoped('users')}`,
  );
  await put(
    'lineItems',
    sql`select sourced_id from ${all('lineItems', 'classSourcedId')} k where class_sourced_id in (${scoped('classes')})`,
  );
}

/** Whether a staged row (`s`) belongs to what is shared. */
export function inScope(entity: Entity, { schools }: ScopedRun): Sql {
  if (schools === undefined) return raw('true');
  const among = (scope: Entity, id: Sql) =>
    sql`exists (select from scope k where k.entity = ${scope} and k.sourced_id = ${id})`;
  const own = raw('btrim(s.sourced_id)');
  switch (entity) {
    case 'orgs':
    case 'courses':
    case 'classes':
    case 'users':
    case 'lineItems':
      return among(entity, own);
    case 'roles':
      return sql`(${among('orgs', raw('s.org_sourced_id'))} and ${among('users', raw('s.user_sourced_id'))})`;
    case 'enrollments':
      return sql`s.school_sourced_id = any (${schools as string[]}::text[])`;
    case 'demographics':
      return among('users', own);
    case 'results':
      return among('lineItems', raw('s.line_item_sourced_id'));
    default:
      return raw('true');
  }
}
