import type { Column, Entity } from '../../../../contracts/roster.ts';
import { models } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { essentialColumns } from '../essential.ts';
import { lookAgain, takeUp, whole } from './compare-store.ts';
import { note } from './finding-store.ts';
import { columnsOf, due, fresh, joined, leveled, named, raw, roster, staged, trimmed } from './names.ts';
import { countAmong } from './text-store.ts';

/**
 * Follows every reference of new and different rows. What leads nowhere takes its row with it where the model needs it,
 * and is emptied elsewhere; such a row is looked at again next time, since what it names may have come by then.
 *
 * Entities come in the models' order, so that a rejected row takes along what refers to it. What an entity that is not
 * read would have to say is not known, so references to it are left alone.
 */
export async function settleReferences(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const lost = await findLost(tx, run, entity);
  for (const column of columnsOf(entity)) {
    const { kind } = column;
    if (lost.has(column) && kind.is === 'reference') await settleReference(tx, run, entity, column, kind.to);
    if (kind.is === 'references' && run.entities.includes(kind.to)) {
      await settleList(tx, run, entity, column, kind.to);
    }
  }
  // A demographics row is a user's, by the same sourcedId (OneRoster 1.2 CSV, demographics).
  if (entity === 'demographics' && run.entities.includes('users')) {
    const { joins, isLost } = follow(tx, run, 'users', raw('f.sourced_id'), 'it');
    const lost = sql`from ${due(entity, run)} f ${joins} where f.action <> 'reject' and ${isLost}`;
    const kind = { code: 'reference_missing', severity: 'error', entity, column: 'sourcedId' } as const;
    await note(tx, run, kind, sql`select f.part, f.line, f.sourced_id ${lost}`);
    await takeUp(tx, run, entity, sql`f.sourced_id in (select f.sourced_id ${lost})`);
    await tx.exec(sql`update fresh_demographics set action = 'reject'
      where sourced_id in (select f.sourced_id ${lost})`);
  }
}

/** Columns with references that lead nowhere, by one pass over the rows. */
async function findLost(tx: StagingTx, run: EngineRun, entity: Entity): Promise<Set<Column>> {
  const followed = columnsOf(entity).flatMap((column) =>
    column.kind.is === 'reference' && run.entities.includes(column.kind.to)
      ? [{ column, to: column.kind.to }]
      : [],
  );
  if (followed.length === 0) return new Set();
  const asked = followed.map(({ column, to }, i) => {
    const name = named(column, 'f');
    const { joins, isLost } = follow(tx, run, to, name, String(i));
    return { joins, isLost: sql`${name} is not null and ${isLost}` };
  });
  const joins = asked.map((each) => each.joins);
  const counts = await countAmong(
    tx,
    sql`${due(entity, run)} f ${joined(joins, ' ')} where f.action <> 'reject'`,
    asked.map(({ isLost }) => isLost),
  );
  return new Set(followed.filter((_, i) => counts[i] !== 0).map(({ column }) => column));
}

/**
 * Joins what there will be under an id that is named, and tells whether it is nothing. What is left out of the roster is
 * asked of the id and not of each row of the roster, of which there are so many more.
 *
 * @param id an expression
 * @param name part of the names of what is joined
 */
function follow(
  tx: StagingTx,
  run: EngineRun,
  to: Entity,
  id: Sql,
  name: string,
): { joins: Sql; isLost: Sql } {
  const [now, was, left] = [raw(`now_${name}`), raw(`was_${name}`), raw(`left_${name}`)];
  const coming = sql`left join ${due(to, run)} ${now} on ${now}.sourced_id = ${id} and ${now}.action <> 'reject'`;
  if (run.direct?.has(to)) return { joins: coming, isLost: sql`${now}.sourced_id is null` };
  return {
    joins: sql`${coming}
      left join ${roster(to)} ${was} on ${was}.tenant_id = ${tx.tenantId} and ${was}.connection_id = ${run.connectionId}
        and ${was}.removed_at is null and ${was}.sourced_id = ${id}
      left join gone ${left} on ${left}.entity = ${to} and ${left}.sourced_id = ${id}`,
    isLost: sql`${now}.sourced_id is null and (${was}.sourced_id is null or ${left}.sourced_id is not null)`,
  };
}

/** sourcedIds there will be. */
function ids(tx: StagingTx, run: EngineRun, entity: Entity): Sql {
  const nothing = raw('null::text as nothing');
  return whole(tx, run, entity, { ofFresh: nothing, ofRoster: nothing });
}

async function settleReference(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  column: Column,
  to: Entity,
): Promise<void> {
  const [table, name] = [fresh(entity), named(column)];
  const { joins, isLost } = follow(tx, run, to, named(column, 'f'), 'it');
  await tx.exec(sql`truncate orphan`);
  const found = await tx.exec(sql`
    insert into orphan (part, line, sourced_id, refers_to)
    select f.part, f.line, f.sourced_id, f.${name} from ${due(entity, run)} f ${joins}
    where f.action <> 'reject' and f.${name} is not null and ${isLost}`);
  if (found === 0) return;
  await takeUp(tx, run, entity, sql`f.${name} in (select refers_to from orphan)`);
  if (run.profile === 'tolerant') await mendSpelling(tx, run, entity, column, to);
  const takesRow =
    essentialColumns(entity).includes(column.name) ||
    (run.profile === 'strict' && models[entity].columns.some((each) => each === column && each.required));
  const kind = takesRow
    ? ({ code: 'reference_missing', severity: 'error' } as const)
    : ({ code: 'reference_emptied', severity: 'warning' } as const);
  await note(
    tx,
    run,
    { ...kind, entity, column: column.name },
    raw('select part, line, sourced_id from orphan'),
  );
  await tx.exec(sql`
    update ${table} f set ${takesRow ? raw(`action = 'reject'`) : sql`${name} = null, ${lookAgain}`}
    from (select distinct refers_to from orphan) o where f.${name} = o.refers_to and f.action <> 'reject'`);
}

/**
 * Mends references that have lost zeros in front of a number, or that differ in capitals: each only where one id can be meant
 * of all that were ever known, also of rows that were rejected or are gone. With a delta the row that is meant by its
 * capitals may be yet to come.
 */
async function mendSpelling(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  column: Column,
  to: Entity,
): Promise<void> {
  const name = named(column);
  const lostZeros = raw(`o.refers_to ~ '^[1-9]\\d*$' and ltrim(min(k.id), '0') = o.refers_to`);
  const otherCapitals = raw(run.mode === 'full' ? 'lower(min(k.id)) = lower(o.refers_to)' : 'false');
  await tx.exec(sql`drop table if exists meant`);
  const found = await tx.exec(sql`create temporary table meant on commit drop as
    select m.refers_to, m.sourced_id from (
      select o.refers_to, min(k.id) as sourced_id
      from (select distinct refers_to from orphan) o join (
        select ${trimmed(raw('s.sourced_id'))} as id from ${staged(to)} s
        union all select c.sourced_id from ${roster(to)} c
        where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId}) k
        on ${leveled(raw('k.id'))} = ${leveled(raw('o.refers_to'))}
      group by o.refers_to
      having min(k.id) = max(k.id) and min(k.id) <> o.refers_to and (${lostZeros} or ${otherCapitals})) m
    join ${ids(tx, run, to)} v on v.sourced_id = m.sourced_id`);
  if (found === 0) return;
  await note(
    tx,
    run,
    { code: 'reference_spelling', severity: 'repaired', entity, column: column.name },
    raw('select o.part, o.line, o.sourced_id from orphan o join meant using (refers_to)'),
  );
  await tx.exec(sql`
    update ${fresh(entity)} f set ${name} = m.sourced_id, ${lookAgain} from meant m
    where f.${name} = m.refers_to and f.action <> 'reject'`);
  await tx.exec(raw('delete from orphan o using meant m where m.refers_to = o.refers_to'));
}

async function settleList(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  column: Column,
  to: Entity,
): Promise<void> {
  const [table, name] = [fresh(entity), named(column)];
  const { joins, isLost } = follow(tx, run, to, raw('u.id'), 'it');
  await tx.exec(sql`truncate orphan`);
  const found = await tx.exec(sql`
    insert into orphan (part, line, sourced_id, refers_to)
    select u.part, u.line, u.sourced_id, u.id
    from (select f.part, f.line, f.sourced_id, btrim(id) as id
        from ${due(entity, run)} f, unnest(string_to_array(f.${name}, ',')) id
        where f.action <> 'reject' and f.${name} is not null) u
      ${joins} where ${isLost}`);
  if (found === 0) return;
  await takeUp(tx, run, entity, raw('f.sourced_id in (select sourced_id from orphan)'));
  const rejects = run.profile === 'strict' && column.required === true;
  const kind = rejects
    ? ({ code: 'reference_missing', severity: 'error' } as const)
    : ({ code: 'reference_emptied', severity: 'warning' } as const);
  await note(
    tx,
    run,
    { ...kind, entity, column: column.name },
    raw('select distinct part, line, sourced_id from orphan'),
  );
  const kept = sql`(select string_agg(btrim(id), ',' order by n)
    from unnest(string_to_array(f.${name}, ',')) with ordinality u (id, n)
    where btrim(id) not in (select refers_to from orphan))`;
  await tx.exec(sql`
    update ${table} f set ${rejects ? raw(`action = 'reject'`) : sql`${name} = ${kept}, ${lookAgain}`}
    where f.action <> 'reject' and f.sourced_id in (select sourced_id from orphan)`);
}
