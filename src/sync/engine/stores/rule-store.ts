import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { whole } from './compare-store.ts';
import { type Kind, note } from './finding-store.ts';
import { fresh, raw } from './names.ts';

/** A rule over the new and different rows of an entity (`f`): what is wrong where the condition holds. */
interface Rule extends Omit<Kind, 'entity'> {
  /** Entities whose rows it looks at besides; without them nothing can be said. */
  beside: readonly Entity[];
  /** Further tables, each with `join`. */
  join?: Sql;
  where: Sql;
}

type Whole = (entity: Entity, columns: string) => Sql;

const warning = { severity: 'warning' } as const;

/** Rules that need several columns or several rows. They warn: no row is lost to them in the tolerant profile. */
function rulesOf(entity: Entity, among: Whole): Rule[] {
  switch (entity) {
    case 'academicSessions':
      return [backwards('endDate', 'start_date', 'end_date')];
    case 'users':
      return [
        shared('username', among),
        shared('email', among),
        {
          ...warning,
          code: 'student_and_staff',
          beside: ['roles'],
          where: sql`exists (select from ${among('roles', 'user_sourced_id, role')} r
              where r.user_sourced_id = f.sourced_id and r.role = 'student')
            and exists (select from ${among('roles', 'user_sourced_id, role')} r
              where r.user_sourced_id = f.sourced_id and r.role in ('teacher', 'principal', 'siteAdministrator',
                'districtAdministrator', 'systemAdministrator', 'counselor'))`,
        },
      ];
    case 'roles':
      return [
        backwards('endDate', 'begin_date', 'end_date'),
        {
          ...warning,
          code: 'two_primary_roles',
          column: 'roleType',
          beside: [],
          where: sql`f.role_type = 'primary' and exists (
            select from ${among('roles', 'user_sourced_id, org_sourced_id, role_type')} r
            where r.user_sourced_id = f.user_sourced_id and r.org_sourced_id = f.org_sourced_id
              and r.role_type = 'primary' and r.sourced_id <> f.sourced_id)`,
        },
      ];
    case 'classes':
      return [
        {
          ...warning,
          code: 'class_without_teacher',
          beside: ['enrollments'],
          where: sql`not exists (select from ${among('enrollments', 'class_sourced_id, role')} e
            where e.class_sourced_id = f.sourced_id and e.role = 'teacher')`,
        },
      ];
    case 'enrollments':
      return [
        backwards('endDate', 'begin_date', 'end_date'),
        {
          ...warning,
          code: 'class_of_other_school',
          column: 'schoolSourcedId',
          beside: ['classes'],
          join: sql`join ${among('classes', 'school_sourced_id')} k on k.sourced_id = f.class_sourced_id`,
          where: raw('k.school_sourced_id <> f.school_sourced_id'),
        },
        {
          ...warning,
          code: 'enrollment_outside_term',
          beside: ['classes', 'academicSessions'],
          join: sql`join (select k.sourced_id, min(s.start_date) as first, max(s.end_date) as last
              from ${among('classes', 'term_sourced_ids')} k
              cross join unnest(string_to_array(k.term_sourced_ids, ',')) term
              join ${among('academicSessions', 'start_date, end_date')} s on s.sourced_id = btrim(term)
              group by k.sourced_id) t on t.sourced_id = f.class_sourced_id`,
          where: raw('(f.end_date < t.first or f.begin_date > t.last)'),
        },
      ];
    case 'lineItems':
      return [backwards('dueDate', 'assign_date', 'due_date')];
    case 'results':
      return [
        {
          ...warning,
          code: 'result_of_nobody_enrolled',
          column: 'studentSourcedId',
          beside: ['lineItems', 'enrollments'],
          join: sql`join ${among('lineItems', 'class_sourced_id')} i on i.sourced_id = f.line_item_sourced_id`,
          where: sql`not exists (select from ${among('enrollments', 'class_sourced_id, user_sourced_id')} e
            where e.class_sourced_id = i.class_sourced_id and e.user_sourced_id = f.student_sourced_id)`,
        },
        {
          ...warning,
          code: 'score_outside_range',
          column: 'score',
          beside: ['lineItems'],
          join: sql`join ${among('lineItems', 'result_value_min, result_value_max')} i
            on i.sourced_id = f.line_item_sourced_id`,
          where: raw(
            `(f.score::numeric < i.result_value_min::numeric or f.score::numeric > i.result_value_max::numeric)`,
          ),
        },
      ];
    default:
      return [];
  }
}

/** Days compare as text: both are YYYY-MM-DD by now. */
function backwards(column: string, begins: string, ends: string): Rule {
  return { ...warning, code: 'end_before_begin', column, beside: [], where: raw(`f.${ends} < f.${begins}`) };
}

function shared(column: 'username' | 'email', among: Whole): Rule {
  return {
    ...warning,
    code: `${column}_shared`,
    column,
    beside: [],
    where: sql`exists (select from ${among('users', column)} o
      where lower(o.${raw(column)}) = lower(f.${raw(column)}) and o.sourced_id <> f.sourced_id)`,
  };
}

/** Notes what is wrong between columns and between rows. */
export async function checkRules(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const among: Whole = (other, columns) => {
    const of = (alias: string, cast: boolean) => {
      const names = columns.split(', ').map((name) => textOf(alias, name, cast));
      return raw(names.join(', '));
    };
    return whole(tx, run, other, { ofFresh: of('f', false), ofRoster: of('c', true) });
  };
  for (const { beside, join = sql``, where, ...kind } of rulesOf(entity, among)) {
    if (!beside.every((other) => run.entities.includes(other))) continue;
    const table = fresh(entity);
    const places = sql`select f.part, f.line, f.sourced_id from ${table} f ${join}
      where f.action <> 'reject' and ${where}`;
    const isError = run.profile === 'strict' && kind.code === 'end_before_begin';
    await note(tx, run, { ...kind, entity, severity: isError ? 'error' : kind.severity }, places);
    if (isError) {
      await tx.exec(sql`update ${table} f set action = 'reject' where f.action <> 'reject' and ${where}`);
    }
  }
}

/** A column of staging or roster as text under its own name. */
function textOf(alias: string, name: string, cast: boolean): string {
  if (!cast) return `${alias}.${name}`;
  return name === 'term_sourced_ids'
    ? `array_to_string(${alias}.${name}, ',') as ${name}`
    : `${alias}.${name}::text as ${name}`;
}
