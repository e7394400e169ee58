import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import { tables } from '../../../roster/tables.ts';
import type { EngineRun, MassChange } from '../../engine.ts';
import { oneByOne } from './join-store.ts';
import { asText, columnsOf, fresh, named, raw, roster } from './names.ts';
import { countAmong } from './text-store.ts';

/** Fewer rows are nothing that would have to be looked at: in most nights nothing more is asked. */
const fewest = 10;
/** What people and classes are known by; enrollments and results are many, and hold little that would be missed. */
const known: readonly Entity[] = ['orgs', 'courses', 'classes', 'users'];
const administers = raw(`in ('districtAdministrator', 'siteAdministrator', 'systemAdministrator')`);

/**
 * What a plan does to many rows of an entity at once without removing one. The changed rows alone are looked at, and the
 * roster as a whole only where there are many such changes.
 */
export async function listMassChanges(tx: StagingTx, run: EngineRun, entity: Entity): Promise<MassChange[]> {
  if (entity === 'roles') return listAdministrators(tx, run);
  return known.includes(entity) ? listEmptied(tx, run, entity) : [];
}

/** Columns that held something and do not any more. */
async function listEmptied(tx: StagingTx, run: EngineRun, entity: Entity): Promise<MassChange[]> {
  const changed = await count(tx, sql`${fresh(entity)} where action = 'change'`);
  if (changed <= fewest) return [];
  const columns = columnsOf(entity);
  const emptied = await oneByOne(tx, tables[entity], changed, (beside) =>
    countAmong(
      tx,
      sql`(select * from ${fresh(entity)} where action = 'change') f
        ${beside(roster(entity), sql`${ours(tx, run)} and c.sourced_id = f.sourced_id`)}`,
      columns.map((column) => sql`${asText(column, 'c')} <> '' and ${named(column, 'f')} is null`),
    ),
  );
  const many = columns.flatMap((column, i) => {
    const rows = emptied[i] ?? 0;
    return rows > fewest ? [{ column, rows }] : [];
  });
  if (many.length === 0) return [];
  const filled = await countAmong(
    tx,
    sql`${roster(entity)} c where ${ours(tx, run)}`,
    many.map(({ column }) => sql`${asText(column, 'c')} <> ''`),
  );
  return many.map(({ column, rows }, i) => ({
    kind: 'emptied',
    entity,
    column: column.name,
    count: rows,
    had: filled[i] ?? rows,
  }));
}

/** Roles that administer, where there was none or another one. */
async function listAdministrators(tx: StagingTx, run: EngineRun): Promise<MassChange[]> {
  const table = fresh('roles');
  const given = sql`${table} f where f.action in ('create', 'change', 'restore') and f.role ${administers}`;
  const rows = await count(tx, given);
  if (rows <= fewest) return [];
  const had = sql`${ours(tx, run)} and c.role ${administers}`;
  const kept = await oneByOne(tx, tables.roles, rows, (beside) =>
    count(
      tx,
      sql`(select f.sourced_id from ${given}) f ${beside(roster('roles'), sql`${had} and c.sourced_id = f.sourced_id`)}`,
    ),
  );
  if (rows - kept <= fewest) return [];
  const before = await count(tx, sql`${roster('roles')} c where ${had}`);
  return [{ kind: 'administrators', entity: 'roles', column: 'role', count: rows - kept, had: before }];
}

const ours = (tx: StagingTx, { connectionId }: EngineRun): Sql =>
  sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${connectionId} and c.removed_at is null`;

async function count(tx: StagingTx, from: Sql): Promise<number> {
  const { rows } = await tx.one(
    sql`select count(*)::float8 as rows from ${from}`,
    z.object({ rows: z.number() }),
  );
  return rows;
}
