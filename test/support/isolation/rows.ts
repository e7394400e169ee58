import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Column, Table } from './catalogue.ts';

export type Row = Record<string, unknown>;

/** A made-up row for a table: of its required columns, each by its type; what it refers to is taken from `known`. */
export function makeRow(table: Table, known: ReadonlyMap<string, Row>, tenantId: string): Row {
  const row: Row = {};
  for (const column of table.columns) {
    if (column.isRequired) row[column.name] = makeValue(column);
  }
  for (const { table: referred, from, to } of table.references) {
    from.forEach((name, i) => {
      if (name in row) row[name] = known.get(referred)![to[i]!];
    });
  }
  if (table.hasTenant) row.tenant_id = tenantId;
  return row;
}

function makeValue({ type, allowed, name }: Column): unknown {
  if (allowed[0] !== undefined) return allowed[0];
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'text':
      return `x${randomBytes(6).toString('hex')}`;
    case 'text[]':
      return ['x'];
    case 'integer':
    case 'bigint':
    case 'smallint':
    case 'double precision':
      return 1;
    case 'boolean':
      return true;
    case 'json':
    case 'jsonb':
      return '{}';
    case 'bytea':
      return randomBytes(16);
    case 'date':
    case 'timestamp with time zone':
      return new Date();
    default:
      throw new Error(`Say how to make a value of type ${type} (column ${name})`);
  }
}

/** Inserts a row with whatever rights and scope the client has. */
export async function insertRow(client: pg.Client, { name }: Table, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  await client.query(
    `insert into ${name} (${columns.join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
}

/** Fills every table with a row for each tenant, and tables without tenants with one. */
export async function fillTables(
  client: pg.Client,
  tables: readonly Table[],
  tenants: readonly string[],
): Promise<void> {
  const shared = new Map<string, Row>();
  const owned = tenants.map(() => new Map<string, Row>());
  for (const table of tables) {
    if (table.isPartition) continue;
    for (const [i, tenantId] of tenants.entries()) {
      if (!table.hasTenant && i > 0) continue;
      const row = makeRow(table, new Map([...shared, ...owned[i]!]), tenantId);
      await insertRow(client, table, row);
      (table.hasTenant ? owned[i]! : shared).set(table.name, row);
    }
  }
}
