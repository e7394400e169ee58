import { z } from 'zod';
import type { Column, Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import { tables } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';
import { takeUp } from './compare-store.ts';
import { oneByOne } from './join-store.ts';
import { columnsOf, fresh, joined, named, raw, roster, typed } from './names.ts';

type Settled = Pick<EngineRun, 'connectionId'>;

const overridden = z.object({ column_name: z.string() });

/** Fields the institution has set by hand stand above what the source says. */
export async function putOverrides(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const ofEntity = sql`o.tenant_id = ${tx.tenantId} and o.connection_id = ${run.connectionId} and o.entity = ${entity}`;
  const rows = await tx.many(
    sql`select distinct o.column_name from roster_override o where ${ofEntity}`,
    overridden,
  );
  if (rows.length === 0) return;
  await takeUp(
    tx,
    run,
    entity,
    sql`f.sourced_id in (select o.sourced_id from roster_override o where ${ofEntity})`,
  );
  const names = new Set(rows.map((row) => row.column_name));
  for (const column of columnsOf(entity)) {
    if (!names.has(column.name)) continue;
    await tx.exec(sql`update ${fresh(entity)} f set ${named(column)} = o.value from roster_override o
      where ${ofEntity} and o.column_name = ${column.name} and o.sourced_id = f.sourced_id
        and f.action <> 'reject'`);
  }
}

/** Rows that read differently and say the same: after a change of the connector, or where a repair had to wait. */
export async function markSame(tx: StagingTx, run: Settled, entity: Entity): Promise<void> {
  const columns = columnsOf(entity);
  const now = (column: Column): Sql => typed(column, 'f');
  const before = (column: Column): Sql => named(column, 'c');
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from ${fresh(entity)} where action = 'change'`,
    z.object({ count: z.number() }),
  );
  if (count === 0) return;
  const same = sql`c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.sourced_id = f.sourced_id`;
  await oneByOne(tx, tables[entity], count, (beside) =>
    tx.exec(sql`
    update ${fresh(entity)} f set action = 'same'
    where f.action = 'change' and exists (select from (select) one ${beside(roster(entity), same)}
      where row(${joined([...columns.map(now), raw('f.metadata::jsonb')])})
        is not distinct from row(${joined([...columns.map(before), raw('c.metadata')])}))`),
  );
}
