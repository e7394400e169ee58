import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { takeUp, whole } from './compare-store.ts';
import { type Kind, note } from './finding-store.ts';
import { due, fresh, joined, raw } from './names.ts';
import { withUntaught } from './taught-store.ts';
import { countAmong } from './text-store.ts';

/** Rows that a condition looks at besides, with at most one for each row of the entity. */
interface JoinedRows {
  as: string;
  rows: Sql;
  on: string;
}

/** A rule over the new and different rows of an entity (`f`): what is wrong where the condition holds. */
interface Rule extends Omit<Kind, 'entity'> {
  /** Entities whose rows it looks at besides; without them nothing can be said. */
  beside: readonly Entity[];
  join?: JoinedRows;
  where: Sql;
  /** The condition asks a row about all rows of an entity: it is looked at in a pass of its own. */
  isAlone?: true;
}

type Whole = (entity: Entity, columns: string) => Sql;

const warning = { severity: 'warning' } as const;

/** Rules that need several columns or several rows. They warn: no row is lost to them in the tolerant profile. */
function rulesOf(run: EngineRun, entity: Entity, among: Whole): Rule[] {
  switch (entity) {
    case 'academicSessions':
      return [backwards('endDate', 'start_date', 'end_date')];
    case 'users': {
      const asked = isAsked(run, 'users', 'sourced_id');
      return [
        {
          ...warning,
          code: 'student_and_staff',
          beside: ['roles'],
          isAlone: true,
          where: sql`f.sourced_id in (select r.user_sourced_id from ${among('roles', 'user_sourced_id, role')} r
            where r.role in ('student', 'teacher', 'principal', 'siteAdministrator', 'districtAdministrator',
              'systemAdministrator', 'counselor') and ${asked}
            group by 1 having bool_or(r.role = 'student') and bool_or(r.role <> 'student'))`,
        },
      ];
    }
    case 'roles': {
      const asked = isAsked(run, 'roles', 'user_sourced_id');
      return [
        backwards('endDate', 'begin_date', 'end_date'),
        {
          ...warning,
          code: 'two_primary_roles',
          column: 'roleType',
          beside: [],
          isAlone: true,
          where: sql`f.role_type = 'primary' and (f.user_sourced_id, f.org_sourced_id) in (
            select r.user_sourced_id, r.org_sourced_id
            from ${among('roles', 'user_sourced_id, org_sourced_id, role_type')} r
            where r.role_type = 'primary' and ${asked} group by 1, 2 having count(*) > 1)`,
        },
      ];
    }
    case 'classes':
      return [
        {
          ...warning,
          code: 'class_without_teacher',
          beside: ['enrollments'],
          isAlone: true,
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
          join: itsClass(run, among),
          where: raw('k.school_sourced_id <> f.school_sourced_id'),
        },
        {
          ...warning,
          code: 'enrollment_outside_term',
          beside: ['classes', 'academicSessions'],
          join: itsClass(run, among),
          where: raw('(f.end_date < k.first or f.begin_date > k.last)'),
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
          join: {
            as: 'i',
            rows: among('lineItems', 'class_sourced_id'),
            on: 'i.sourced_id = f.line_item_sourced_id',
          },
          isAlone: true,
          where: sql`not exists (select from ${among('enrollments', 'class_sourced_id, user_sourced_id')} e
            where e.class_sourced_id = i.class_sourced_id and e.user_sourced_id = f.student_sourced_id)`,
        },
        {
          ...warning,
          code: 'score_outside_range',
          column: 'score',
          beside: ['lineItems'],
          join: {
            as: 'r',
            rows: among('lineItems', 'result_value_min, result_value_max'),
            on: 'r.sourced_id = f.line_item_sourced_id',
          },
          where: raw(
            `(f.score::numeric < r.result_value_min::numeric or f.score::numeric > r.result_value_max::numeric)`,
          ),
        },
      ];
    default:
      return [];
  }
}

/** Whether a role (`r`) is of a user who is asked about: on the first day all are, in a night those few. */
function isAsked(run: EngineRun, entity: 'users' | 'roles', column: string): Sql {
  if (run.direct?.has(entity) !== false) return raw('true');
  return sql`r.user_sourced_id in (select ${raw(`k.${column}`)} from ${due(entity, run)} k)`;
}

/** The class of an enrollment (`k`), with the first and last day of its terms. Most classes have the same terms as others. */
function itsClass({ entities }: EngineRun, among: Whole): JoinedRows {
  const days = sql`select t.term_sourced_ids, min(s.start_date) as first, max(s.end_date) as last
    from (select distinct term_sourced_ids from ${among('classes', 'term_sourced_ids')} k) t
      cross join unnest(string_to_array(t.term_sourced_ids, ',')) term
      join ${among('academicSessions', 'start_date, end_date')} s on s.sourced_id = btrim(term)
    group by 1`;
  const rows = entities.includes('academicSessions')
    ? sql`(select k.sourced_id, k.school_sourced_id, d.first, d.last
      from ${among('classes', 'school_sourced_id, term_sourced_ids')} k left join (${days}) d using (term_sourced_ids))`
    : among('classes', 'school_sourced_id');
  return { as: 'k', rows, on: 'k.sourced_id = f.class_sourced_id' };
}

/** Days compare as text: both are YYYY-MM-DD by now. */
function backwards(column: string, begins: string, ends: string): Rule {
  return { ...warning, code: 'end_before_begin', column, beside: [], where: raw(`f.${ends} < f.${begins}`) };
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
  const rules = rulesOf(run, entity, among).filter(({ beside }) =>
    beside.every((other) => run.entities.includes(other)),
  );
  for (const rule of await findBroken(tx, run, entity, rules)) {
    const { join, where, code, severity, column } = rule;
    const isError = run.profile === 'strict' && code === 'end_before_begin';
    const kind = {
      code,
      severity: isError ? 'error' : severity,
      entity,
      ...(column === undefined ? {} : { column }),
    } as const;
    const noteThese = (places: Sql) => note(tx, run, kind, places);
    if (code === 'class_without_teacher' && (await withUntaught(tx, run, noteThese))) continue;
    await noteThese(
      sql`select f.part, f.line, f.sourced_id from ${due(entity, run)} f ${join === undefined ? sql`` : joinOf(join)}
        where f.action <> 'reject' and ${where}`,
    );
    if (!isError) continue;
    await takeUp(tx, run, entity, where);
    await tx.exec(
      sql`update ${fresh(entity)} f set action = 'reject' where f.action <> 'reject' and ${where}`,
    );
  }
}

/** Rules that some row may break: of those that look at a row and what it names one pass over the rows tells. */
async function findBroken(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  rules: readonly Rule[],
): Promise<Rule[]> {
  const together = rules.filter(({ isAlone }) => isAlone !== true);
  if (together.length === 0) return [...rules];
  // What several rules look at is joined once.
  const once = new Map(together.flatMap(({ join }) => (join === undefined ? [] : [[join.as, join]])));
  const joins = [...once.values()].map((join) => sql`left ${joinOf(join)}`);
  const from = sql`${due(entity, run)} f ${joined(joins, ' ')} where f.action <> 'reject'`;
  const conditions = together.map(({ where }) => where);
  const counts = await countAmong(tx, from, conditions);
  const kept = new Set(together.filter((_, i) => counts[i] === 0));
  return rules.filter((rule) => !kept.has(rule));
}

function joinOf({ rows, as, on }: JoinedRows): Sql {
  return sql`join ${rows} ${raw(`${as} on ${on}`)}`;
}

/** A column of staging or roster as text under its own name. */
function textOf(alias: string, name: string, cast: boolean): string {
  if (!cast) return `${alias}.${name}`;
  return name === 'term_sourced_ids'
    ? `array_to_string(${alias}.${name}, ',') as ${name}`
    : `${alias}.${name}::text as ${name}`;
}
