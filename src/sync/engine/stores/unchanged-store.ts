import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import { columnName, models } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import { tables } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';
import { type Kind, note } from './finding-store.ts';
import { type Beside, byHash, oneByOne } from './join-store.ts';
import { due, fresh, joined, raw, roster } from './names.ts';

const concerned: readonly Entity[] = ['classes', 'users', 'roles', 'enrollments', 'results'];

/**
 * What a run makes wrong with rows that it does not change: the other checks look at new and different rows only. Costs as
 * much as the run changes, however large the roster is: rows are found by its indexes, and what is to be left out of them is
 * taken off by counting, since a join with what is new would be a guess of the planner's.
 *
 * Such rows have no line in this run, only their sourcedId.
 */
export async function checkUnchanged(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  if (!concerned.includes(entity)) return;
  if (!(await exists(tx, sql`from ${roster(entity)} c where ${ours(tx, run)}`))) return;
  const check = (beside: Beside) => checkRowsBeside(tx, run, entity, beside);
  // The rows of a first load are many, and have no index.
  if (await exists(tx, raw('from direct'))) return check(byHash);
  const changes = [raw('gone'), ...run.entities.map(fresh)].map(
    (table) => sql`(select count(*) from ${table})`,
  );
  const { count } = await tx.one(
    sql`select (${joined(changes, ' + ')})::float8 as count`,
    z.object({ count: z.number() }),
  );
  if (count > 0) await oneByOne(tx, tables[entity === 'classes' ? 'enrollments' : entity], count, check);
}

async function checkRowsBeside(tx: StagingTx, run: EngineRun, entity: Entity, beside: Beside): Promise<void> {
  const reads = (other: Entity) => run.entities.includes(other);
  if (entity === 'classes' && reads('enrollments')) await checkTeachers(tx, run, beside);
  if (entity === 'users' && reads('roles')) await checkStudentsOnStaff(tx, run, beside);
  if (entity === 'enrollments' && reads('classes')) await checkMovedClasses(tx, run, beside);
  for (const { column, to } of followed(entity)) {
    if (reads(to)) await checkLostReferences(tx, run, { entity, column, to }, beside);
  }
}

/** The connection's rows of the roster that are in use. */
const ours = (tx: StagingTx, run: EngineRun): Sql =>
  sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null`;

const found = z.object({ found: z.boolean() });

async function exists(tx: StagingTx, from: Sql): Promise<boolean> {
  return (await tx.one(sql`select exists (select ${from}) as found`, found)).found;
}

/** Notes rows of the roster by their ids. @param places a query of sourced_id */
function noteIds(tx: StagingTx, run: EngineRun, kind: Omit<Kind, 'severity'>, ids: Sql): Promise<void> {
  return note(
    tx,
    run,
    { ...kind, severity: 'warning' },
    sql`select null::integer as part, null::integer as line, found.sourced_id from (${ids}) found`,
  );
}

/** Of such rows those that the run neither changes nor removes. @param ids a query of sourced_id */
function unchanged(run: EngineRun, entity: Entity, ids: Sql): Sql {
  return sql`select sourced_id from (
      select sourced_id, 1 as n from (${ids}) concerned
      union all select f.sourced_id, 2 from ${due(entity, run)} f where f.action <> 'reject'
      union all select g.sourced_id, 2 from gone g where g.entity = ${entity}) counted
    group by sourced_id having max(n) = 1`;
}

/** Classes whose last teacher has left, or is one no more. New and different classes are looked at by the rules. */
function checkTeachers(tx: StagingTx, run: EngineRun, beside: Beside): Promise<void> {
  const teaches = (which: Sql) =>
    beside(raw('roster_enrollment'), sql`${ours(tx, run)} and c.role = 'teacher' and ${which}`);
  return noteIds(
    tx,
    run,
    { code: 'class_without_teacher', entity: 'classes' },
    sql`with lost as materialized (
        select c.class_sourced_id as id from gone g ${teaches(raw('c.sourced_id = g.sourced_id'))}
        where g.entity = 'enrollments'
        union all
        select c.class_sourced_id from ${due('enrollments', run)} f ${teaches(raw('c.sourced_id = f.sourced_id'))}
        where f.action = 'change' and (f.role <> 'teacher' or f.class_sourced_id <> c.class_sourced_id)),
      counted (id, had, left_over, is_settled) as (
        select id, 0, -1, false from lost
        union all
        select concerned.id, 1, 1, false from (select distinct id from lost) concerned
          ${teaches(raw('c.class_sourced_id = concerned.id'))}
        union all
        select f.class_sourced_id, 0, 0, true from ${due('enrollments', run)} f where f.action <> 'reject' and f.role = 'teacher'
        union all
        select f.sourced_id, 0, 0, true from ${due('classes', run)} f where f.action <> 'reject'
        union all
        select g.sourced_id, 0, 0, true from gone g where g.entity = 'classes'),
      alone as materialized (
        select id from counted group by id
        having sum(had) > 0 and sum(left_over) <= 0 and not bool_or(is_settled))
      select c.sourced_id from alone ${beside(roster('classes'), sql`${ours(tx, run)} and c.sourced_id = alone.id`)}`,
  );
}

const staff = raw(
  `in ('teacher', 'principal', 'siteAdministrator', 'districtAdministrator', 'systemAdministrator', 'counselor')`,
);

/** Users who are a student and on the staff by a role that is new. New and different users are looked at by the rules. */
function checkStudentsOnStaff(tx: StagingTx, run: EngineRun, beside: Beside): Promise<void> {
  const role = (which: string) => beside(roster('roles'), sql`${ours(tx, run)} and ${raw(which)}`);
  const count = (alias: string, factor: number) =>
    sql`${raw(`(${alias}.role = 'student')::integer * ${factor}`)}, (${raw(`${alias}.role`)} ${staff})::integer * ${raw(String(factor))}`;
  return noteIds(
    tx,
    run,
    { code: 'student_and_staff', entity: 'users' },
    sql`with touched as materialized (
        select f.sourced_id, f.user_sourced_id as id, f.role from ${due('roles', run)} f
        where f.action in ('create', 'change', 'restore')),
      counted (id, students, staff, is_touched, is_settled) as (
        select t.id, ${count('t', 1)}, true, false from touched t
        union all
        select c.user_sourced_id, ${count('c', 1)}, false, false from (select distinct id from touched) t
          ${role('c.user_sourced_id = t.id')}
        union all
        select c.user_sourced_id, ${count('c', -1)}, false, false from touched t
          ${role('c.sourced_id = t.sourced_id')}
        union all
        select c.user_sourced_id, ${count('c', -1)}, false, false from gone g
          ${role('c.sourced_id = g.sourced_id')} where g.entity = 'roles'
        union all
        select f.sourced_id, 0, 0, false, true from ${due('users', run)} f where f.action <> 'reject')
      select id as sourced_id from counted group by id
      having bool_or(is_touched) and not bool_or(is_settled) and sum(students) > 0 and sum(staff) > 0`,
  );
}

/** Enrollments that stay at the school their class has left. */
async function checkMovedClasses(tx: StagingTx, run: EngineRun, beside: Beside): Promise<void> {
  const was = beside(roster('classes'), sql`${ours(tx, run)} and c.sourced_id = f.sourced_id`);
  const moved = sql`from ${due('classes', run)} f ${was}
    where f.action = 'change' and f.school_sourced_id <> c.school_sourced_id`;
  if (!(await exists(tx, moved))) return;
  const belongs = beside(roster('enrollments'), sql`${ours(tx, run)} and c.class_sourced_id = k.sourced_id`);
  const stays = sql`select c.sourced_id from (select f.sourced_id, f.school_sourced_id ${moved}) k ${belongs}
    where c.school_sourced_id <> k.school_sourced_id`;
  const kind = { code: 'class_of_other_school', entity: 'enrollments', column: 'schoolSourcedId' } as const;
  await noteIds(tx, run, kind, unchanged(run, 'enrollments', stays));
}

/** References that rows cannot do without, as far as the roster has an index to find them by. */
const indexed: Partial<Readonly<Record<Entity, readonly string[]>>> = {
  classes: ['schoolSourcedId'],
  roles: ['userSourcedId'],
  enrollments: ['classSourcedId', 'userSourcedId'],
  results: ['lineItemSourcedId'],
};

function followed(entity: Entity): { column: string; to: Entity }[] {
  return models[entity].columns.flatMap(({ name, kind }) =>
    kind.is === 'reference' && indexed[entity]?.includes(name) ? [{ column: name, to: kind.to }] : [],
  );
}

/** Rows that stay as they are while what they belong to goes. */
async function checkLostReferences(
  tx: StagingTx,
  run: EngineRun,
  { entity, column, to }: { entity: Entity; column: string; to: Entity },
  beside: Beside,
): Promise<void> {
  const gone = sql`from gone g where g.entity = ${to}`;
  if (!(await exists(tx, gone))) return;
  const refers = beside(
    roster(entity),
    sql`${ours(tx, run)} and c.${raw(columnName(column))} = g.sourced_id`,
  );
  const lost = sql`select c.sourced_id from (select g.sourced_id ${gone}) g ${refers}`;
  await noteIds(tx, run, { code: 'reference_lost', entity, column }, unchanged(run, entity, lost));
}
