import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { note } from './finding-store.ts';
import { asText, columnNamed, leveled, named, raw, roster, staged, trimmed } from './names.ts';

/**
 * Writes down what belongs to the shared schools: the schools and what stands above them, their classes, the courses of
 * these, everybody with a role, an enrollment or a home there, and those who answer for them.
 *
 * @returns the shared schools in every spelling in which rows may name them
 */
export async function fillScope(tx: StagingTx, run: EngineRun): Promise<EngineRun['schools']> {
  if (run.schools === undefined) return undefined;
  const schools = await spell(tx, run, run.schools);
  /** Rows that were read and those the roster has, `hadWhere` a condition over these. */
  const all = (entity: Entity, names: readonly string[], hadWhere = raw('true')): Sql => {
    const columns = names.map((name) => columnNamed(entity, name));
    const read = columns.map((column) => sql`, ${named(column)}`);
    const had = columns.map((column) => sql`, ${asText(column, 'c')}`);
    const together = (pieces: Sql[]) => pieces.reduce((before, piece) => sql`${before}${piece}`, sql``);
    return sql`(select ${trimmed(raw('sourced_id'))} as sourced_id${together(read)} from ${staged(entity)}
      union all select c.sourced_id${together(had)} from ${roster(entity)} c
      where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null and ${hadWhere})`;
  };
  /** What was read does not place a row of the roster in another school, one that is known and not shared. */
  const hasNotMoved = (entity: Entity, school: string): Sql => sql`c.sourced_id not in (
    select ${trimmed(raw('s.sourced_id'))} from ${staged(entity)} s
    where s.sourced_id is not null and not ${isAmong(raw(`s.${school}`), schools)} and exists (
      select from ${staged('orgs')} o where ${trimmed(raw('o.sourced_id'))} = ${trimmed(raw(`s.${school}`))}))`;
  const put = (entity: Entity, ids: Sql) =>
    tx.exec(sql`insert into scope (entity, sourced_id)
      select distinct ${entity}::text, ${trimmed(raw('id'))} from (${ids}) found (id) where id is not null`);
  const isShared = (name: string) => isAmong(raw(name), schools);
  const scoped = (entity: Entity) => sql`select sourced_id from scope where entity = ${entity}`;

  await put(
    'orgs',
    sql`with recursive above (id) as (
      select unnest(${schools}::text[])
      union select ${trimmed(raw('o.parent_sourced_id'))} from above join ${all('orgs', ['parentSourcedId'])} o on o.sourced_id = above.id)
    select id from above`,
  );
  await put(
    'classes',
    sql`select sourced_id from ${all('classes', ['schoolSourcedId'], hasNotMoved('classes', 'school_sourced_id'))} k where ${isShared('school_sourced_id')}`,
  );
  await put(
    'courses',
    sql`select sourced_id from ${all('courses', ['orgSourcedId'], hasNotMoved('courses', 'org_sourced_id'))} k where ${isShared('org_sourced_id')}
      union all select course_sourced_id from ${all('classes', ['courseSourcedId'])} k
      where sourced_id in (${scoped('classes')})`,
  );
  await put(
    'users',
    sql`select sourced_id from ${all('users', ['primaryOrgSourcedId'])} k where ${isShared('primary_org_sourced_id')}
      union all select user_sourced_id from ${all('roles', ['userSourcedId', 'orgSourcedId'])} k
      where ${isShared('org_sourced_id')}
      union all select user_sourced_id from ${all('enrollments', ['userSourcedId', 'schoolSourcedId'])} k
      where ${isShared('school_sourced_id')}`,
  );
  // As the list will be understood (`list_semicolons`).
  const mark = raw(`case when k.agent_sourced_ids like '%,%' then ',' else ';' end`);
  await put(
    'users',
    sql`select ${trimmed(raw('agent'))} from ${all('users', ['agentSourcedIds'])} k, unnest(string_to_array(k.agent_sourced_ids, ${mark})) agent
      where k.sourced_id in (${scoped('users')}) and k.agent_sourced_ids is not null
      except ${scoped('users')}`,
  );
  await put(
    'lineItems',
    sql`select sourced_id from ${all('lineItems', ['classSourcedId'])} k where ${trimmed(raw('class_sourced_id'))} in (${scoped('classes')})`,
  );
  return schools;
}

/**
 * The shared schools, also in other capitals, and as a spreadsheet writes those whose ids begin with zeros: without them. Not
 * where another org is called so, which only orgs that were read tell: of the schools that are not shared the roster knows none.
 * Notes those that are not known at all, since nobody would notice that nothing is shared.
 */
async function spell(tx: StagingTx, run: EngineRun, schools: readonly string[]): Promise<string[]> {
  const shorter = schools.map((id) => id.replace(/^0+/, ''));
  const rows = await tx.many(
    sql`select ${trimmed(raw('sourced_id'))} as sourced_id from ${staged('orgs')}
        where ${isAmong(raw('sourced_id'), [...schools, ...shorter])}
      union select c.sourced_id from ${roster('orgs')} c
        where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null
          and c.sourced_id = any (${[...schools, ...shorter]}::text[])`,
    z.object({ sourced_id: z.string() }),
  );
  const known = new Set(rows.map((row) => row.sourced_id));
  const unknown = schools.filter((id) => !known.has(id));
  if (run.entities.includes('orgs')) {
    await note(
      tx,
      run,
      { code: 'shared_school_unknown', severity: 'warning', entity: 'orgs', column: 'sourcedId' },
      sql`select null::integer as part, null::integer as line, id as sourced_id from unnest(${unknown}::text[]) id`,
    );
  }
  const { read } = await tx.one(
    sql`select exists (select from ${staged('orgs')}) as read`,
    z.object({ read: z.boolean() }),
  );
  if (run.mode === 'delta' || !read) return [...schools];
  const isOne = (id: string) => shorter.indexOf(id) === shorter.lastIndexOf(id);
  const others = shorter.filter((id) => id !== '' && !known.has(id) && isOne(id));
  return [...schools, ...others, ...(await listOtherCapitals(tx, run, schools))];
}

/** How rows that were read spell the shared schools in other capitals, where no org is called so. */
async function listOtherCapitals(
  tx: StagingTx,
  run: EngineRun,
  schools: readonly string[],
): Promise<string[]> {
  const spellings = placesOf
    .filter(([entity]) => run.entities.includes(entity))
    .map(([entity, column]) => sql`select distinct ${raw(column)} as id from ${staged(entity)}`);
  if (spellings.length === 0) return [];
  const all = spellings.reduce((before, each) => sql`${before} union ${each}`);
  // Two shared schools may be told apart by their capitals alone.
  const lower = sql`(select lower(id) from unnest(${schools as string[]}::text[]) id group by 1 having count(*) = 1)`;
  const rows = await tx.many(
    sql`select distinct ${trimmed(raw('id'))} as id from (${all}) found
      where lower(${trimmed(raw('id'))}) in ${lower} and ${trimmed(raw('id'))} <> all (${schools as string[]}::text[])
        and not exists (select from ${staged('orgs')} o where ${trimmed(raw('o.sourced_id'))} = ${trimmed(raw('found.id'))})
        and not exists (select from ${roster('orgs')} c where c.tenant_id = ${tx.tenantId}
          and c.connection_id = ${run.connectionId} and c.sourced_id = ${trimmed(raw('found.id'))})`,
    z.object({ id: z.string() }),
  );
  return rows.map(({ id }) => id);
}

/** Where rows name the school that they belong to. */
const placesOf = [
  ['classes', 'school_sourced_id'],
  ['enrollments', 'school_sourced_id'],
  ['roles', 'org_sourced_id'],
  ['users', 'primary_org_sourced_id'],
] as const;

/** Whether a text is one of these, white space around it or not. Mostly it has none, which is told sooner. */
function isAmong(text: Sql, these: readonly string[]): Sql {
  const list = sql`any (${these as string[]}::text[])`;
  return sql`(${text} = ${list} or ${trimmed(text)} = ${list})`;
}

/** Whether a staged row (`s`) belongs to what is shared. */
export function inScope(entity: Entity, { schools }: Pick<EngineRun, 'schools'>): Sql {
  if (schools === undefined) return raw('true');
  const among = (scope: Entity, id: Sql) =>
    sql`exists (select from scope k where k.entity = ${scope} and k.sourced_id = ${id})`;
  const own = trimmed(raw('s.sourced_id'));
  switch (entity) {
    case 'orgs':
    case 'courses':
    case 'classes':
    case 'users':
    case 'lineItems':
      return among(entity, own);
    case 'roles':
      return sql`(${among('orgs', trimmed(raw('s.org_sourced_id')))} and ${among('users', trimmed(raw('s.user_sourced_id')))})`;
    case 'enrollments':
      return isAmong(raw('s.school_sourced_id'), schools);
    case 'demographics':
      return among('users', own);
    case 'results':
      return among('lineItems', trimmed(raw('s.line_item_sourced_id')));
    default:
      return raw('true');
  }
}

/** What decides whether a row is shared, where that is not its own id. */
const placedBy: Partial<Readonly<Record<Entity, readonly { to: Entity; column: string }[]>>> = {
  roles: [
    { to: 'orgs', column: 'org_sourced_id' },
    { to: 'users', column: 'user_sourced_id' },
  ],
  enrollments: [{ to: 'orgs', column: 'school_sourced_id' }],
  results: [{ to: 'lineItems', column: 'line_item_sourced_id' }],
};

/**
 * How rows of the roster that do not belong to what is shared by their new text (`s`) have not left it. Those whose text names
 * nothing that was read are wrong, and are looked at as the others are: only where all there is was read. Nor have those that name a shared school in another
 * spelling where no orgs tell whether another one is called so: what the roster has was that school's.
 *
 * @returns a condition for each way to be so; each is looked for by a pass over what may be named
 */
export function waysToStay(entity: Entity, run: EngineRun): Sql[] {
  if (run.schools === undefined) return [];
  const places = placedBy[entity] ?? [];
  const isFull = run.mode === 'full';
  const alike = (id: Sql) => leveled(trimmed(id));
  const alikeShared = sql`(select ${alike(raw('id'))} from unnest(${run.schools as string[]}::text[]) id)`;
  const isUntold = isFull ? sql`not exists (select from ${staged('orgs')})` : raw('true');
  return [
    ...places
      .filter(({ to }) => isFull && run.entities.includes(to))
      .map(
        ({ to, column }) => sql`exists (select from ${staged(to)})
          and not exists (select from ${staged(to)} k
            where ${trimmed(raw('k.sourced_id'))} = ${trimmed(raw(`s.${column}`))})`,
      ),
    ...places
      .filter(({ to }) => to === 'orgs')
      .map(({ column }) => sql`${isUntold} and ${alike(raw(`s.${column}`))} in ${alikeShared}`),
  ];
}
