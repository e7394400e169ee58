import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { whole } from './compare-store.ts';
import { note } from './finding-store.ts';
import { due, fresh, joined, raw, roster } from './names.ts';

/** A text that no two rows of an entity should have alike, capitals or not. */
interface DistinctText {
  code: string;
  /** As in the header. */
  column: string;
  name: string;
  /** Which new and different rows (`f`) are asked about. */
  of: Sql;
}

/** Nobody types these ids; asking of ten million whether two differ in capitals only would cost more than it tells. */
const untyped: readonly Entity[] = ['enrollments', 'results', 'lineItems'];

function textsOf(entity: Entity): DistinctText[] {
  const shared = (name: string): DistinctText => ({
    ...{ code: `${name}_shared`, column: name, name },
    of: raw(`f.action <> 'reject'`),
  });
  const capitals: DistinctText = {
    ...{ code: 'sourced_id_capitals', column: 'sourcedId', name: 'sourced_id' },
    of: raw(`f.action in ('create', 'restore')`),
  };
  return [
    ...(entity === 'users' ? [shared('username'), shared('email')] : []),
    ...(untyped.includes(entity) ? [] : [capitals]),
  ];
}

/** More than a night brings: lists of more would have to be looked through from end to end. */
const mostListed = 500_000;

/** Ids that a careless comparison would take for one, and names and addresses that are somebody else's too. */
export async function checkAlike(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const texts = textsOf(entity);
  if (texts.length === 0) return;
  const count = await countDue(tx, run, entity);
  if (count === 0) return;
  const others = await findOthers(tx, run, entity, texts, count <= mostListed);
  for (const { code, column, name, of } of texts) {
    const lower = (alias: string) => raw(`lower(${alias}.${name})`);
    await note(
      tx,
      run,
      { code, severity: 'warning', entity, column },
      sql`select f.part, f.line, f.sourced_id from ${due(entity, run)} f
        where ${of} and exists (select from ${others} o where ${lower('o')} = ${lower('f')} and o.sourced_id <> f.sourced_id)`,
    );
  }
}

/** So many as matter. */
async function countDue(tx: StagingTx, run: EngineRun, entity: Entity): Promise<number> {
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from (select from ${due(entity, run)} limit ${mostListed + 1}) first`,
    z.object({ count: z.number() }),
  );
  return count;
}

/**
 * The rows there will be among which others like the new and different ones may be. Where those are few one pass over a
 * roster that is there already tells for all texts at once which they are.
 */
async function findOthers(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  texts: readonly DistinctText[],
  areFew: boolean,
): Promise<Sql> {
  const names = [...new Set(texts.map(({ name }) => name))].filter((name) => name !== 'sourced_id');
  const columns = (alias: string) =>
    raw(names.length === 0 ? 'null as nothing' : names.map((name) => `${alias}.${name}`).join(', '));
  if (!areFew || run.direct?.has(entity) !== false) {
    return whole(tx, run, entity, { ofFresh: columns('f'), ofRoster: columns('c') });
  }
  const isLike = texts.map(
    ({ name, of }) =>
      sql`lower(c.${raw(name)}) in (select lower(f.${raw(name)}) from ${fresh(entity)} f where ${of})`,
  );
  await tx.exec(sql`drop table if exists alike`);
  await tx.exec(sql`create temporary table alike on commit drop as
    select c.sourced_id, ${columns('c')} from ${roster(entity)} c
    where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null
      and (${joined(isLike, ' or ')})
      and not exists (select from gone g where g.entity = ${entity} and g.sourced_id = c.sourced_id)
      and not exists (select from ${fresh(entity)} f where f.sourced_id = c.sourced_id and f.action <> 'reject')`);
  return sql`(select f.sourced_id, ${columns('f')} from ${fresh(entity)} f where f.action <> 'reject'
    union all select * from alike)`;
}
