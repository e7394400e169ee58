import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { type Column, type Entity, entities } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import { Sql, sql } from '../../platform/sql/sql.ts';
import { columnType, quotedColumn, tables } from '../../roster/tables.ts';

/** A field that the institution has set by hand: the source does not write over it. */
export interface Override {
  entity: Entity;
  sourcedId: string;
  /** As in the CSV header. */
  column: string;
  /** Null: emptied. */
  value: string | null;
  setBy: string;
  setAt: Date;
}

const overrideRow = z
  .object({
    entity: z.enum(entities),
    sourced_id: z.string(),
    column_name: z.string(),
    value: z.string().nullable(),
    set_by: z.string(),
    set_at: z.date(),
  })
  .transform(
    (row): Override => ({
      entity: row.entity,
      sourcedId: row.sourced_id,
      column: row.column_name,
      value: row.value,
      setBy: row.set_by,
      setAt: row.set_at,
    }),
  );

export function listOverrides(tx: TenantTx, connectionId: ConnectionId): Promise<Override[]> {
  return tx.many(
    sql`select entity, sourced_id, column_name, value, set_by, set_at from roster_override
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      order by entity, sourced_id, column_name`,
    overrideRow,
  );
}

export async function saveOverride(tx: TenantTx, connectionId: ConnectionId, given: Override): Promise<void> {
  await tx.exec(sql`
    insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
    values (${tx.tenantId}, ${connectionId}, ${given.entity}, ${given.sourcedId}, ${given.column}, ${given.value},
      ${given.setBy}, ${given.setAt})
    on conflict (tenant_id, connection_id, entity, sourced_id, column_name) do update
    set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at`);
}

/** @returns whether there was one */
export async function removeOverride(
  tx: TenantTx,
  connectionId: ConnectionId,
  { entity, sourcedId, column }: Pick<Override, 'entity' | 'sourcedId' | 'column'>,
): Promise<boolean> {
  const removed = await tx.exec(sql`
    delete from roster_override where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and entity = ${entity} and sourced_id = ${sourcedId} and column_name = ${column}`);
  return removed === 1;
}

const which = (tx: TenantTx, connectionId: ConnectionId, sourcedId: string) =>
  sql` where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and sourced_id = ${sourcedId}`;

/** Writes a value over the one the source gave. @returns whether there is such a row */
export async function writeField(
  tx: TenantTx,
  connectionId: ConnectionId,
  field: { entity: Entity; sourcedId: string; column: Column; value: string | string[] | null },
  now: Date,
): Promise<boolean> {
  const { entity, sourcedId, column, value } = field;
  const target = named(`update ${tables[entity]} set ${quotedColumn(column)} = `);
  const type = named(`::${columnType(column)}, changed_at = `);
  const written = await tx.exec(sql`${target}${value}${type}${now}${which(tx, connectionId, sourcedId)}`);
  return written === 1;
}

/** Of ids that a row is to refer to those that no row of the roster has, and its own. */
export async function findLost(
  tx: TenantTx,
  connectionId: ConnectionId,
  { to, ids, from }: { to: Entity; ids: readonly string[]; from: Pick<Override, 'entity' | 'sourcedId'> },
): Promise<string[]> {
  const target = named(`select from ${tables[to]} r`);
  return tx.many(
    sql`select i.id from unnest(${ids}::text[]) as i (id)
      where ${to === from.entity} and i.id = ${from.sourcedId} or not exists (${target}
        where r.tenant_id = ${tx.tenantId} and r.connection_id = ${connectionId} and r.sourced_id = i.id
          and r.removed_at is null)`,
    z.object({ id: z.string() }).transform(({ id }) => id),
  );
}

/** Makes the row differ from what any source says, so that the next full reading writes it anew. */
export async function makeStale(
  tx: TenantTx,
  connectionId: ConnectionId,
  { entity, sourcedId }: Pick<Override, 'entity' | 'sourcedId'>,
): Promise<void> {
  const target = named(`update ${tables[entity]} set content_hash = 0`);
  await tx.exec(sql`${target}${which(tx, connectionId, sourcedId)}`);
}

/** SQL made of names that stand in the description of the roster, never of anybody's input. */
function named(text: string): Sql {
  return new Sql([text], []);
}
