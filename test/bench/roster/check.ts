import type { Client } from 'pg';
import { columnName, models } from '../../../contracts/roster.ts';
import { columnType, tables } from '../../../src/roster/tables.ts';
import { type BenchedEntity, benchedEntities } from './packages.ts';

/** How many rows there are, and a sum over all that stands in them. */
export interface RowSum {
  rows: number;
  checksum: string;
}
export type RowSums = Record<BenchedEntity, RowSum>;

export interface CheckOptions {
  /** Entities whose sourcedIds the hub has to make up. */
  withoutIds?: readonly BenchedEntity[];
}

/** Of the roster of one connection, as readers see it. */
export function sumRoster(client: Client, connectionId: string, options?: CheckOptions): Promise<RowSums> {
  const condition = `connection_id = '${connectionId}' and removed_at is null`;
  return sumTables(client, { textOf: canonicalText, condition, ...options });
}

/** Of the bare tables, where every column is text as in the file. */
export function sumBare(client: Client, options?: CheckOptions): Promise<RowSums> {
  return sumTables(client, { textOf: (_type, column) => column, condition: 'true', ...options });
}

/** @throws Error where the hub's roster is not, row by row, what the files hold */
export function compareSums(roster: RowSums, bare: RowSums): void {
  for (const entity of benchedEntities) {
    const [has, needs] = [roster[entity], bare[entity]];
    if (has.rows === needs.rows && has.checksum === needs.checksum) continue;
    throw new Error(
      `The roster's ${entity} (${has.rows} rows, sum ${has.checksum}) are not those of the files (${needs.rows}, ${needs.checksum}).`,
    );
  }
}

interface Reading extends CheckOptions {
  textOf(type: ReturnType<typeof columnType>, column: string): string;
  condition: string;
}

async function sumTables(client: Client, reading: Reading): Promise<RowSums> {
  const sums: Partial<RowSums> = {};
  for (const entity of benchedEntities) sums[entity] = await sumTable(client, entity, reading);
  return sums as RowSums;
}

async function sumTable(client: Client, entity: BenchedEntity, reading: Reading): Promise<RowSum> {
  const { textOf, condition, withoutIds = [] } = reading;
  const texts = models[entity].columns.map((column) => {
    return `coalesce(${textOf(columnType(column), `"${columnName(column.name)}"`)}, '')`;
  });
  if (!withoutIds.includes(entity)) texts.unshift('sourced_id');
  // The order of the rows does not matter to a sum.
  const { rows } = await client.query<RowSum>(
    `select count(*)::int as rows,
      coalesce(sum(hashtextextended(concat_ws(chr(31), ${texts.join(', ')}), 0)), 0)::text as checksum
    from ${tables[entity]} where ${condition}`,
  );
  return rows[0] ?? { rows: 0, checksum: '' };
}

function canonicalText(type: ReturnType<typeof columnType>, column: string): string {
  return type === 'text[]' ? `array_to_string(${column}, ',')` : `${column}::text`;
}
