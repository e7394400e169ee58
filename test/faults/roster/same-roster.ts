import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { columnName, type Entity, models } from '../../../contracts/roster.ts';
import type { District } from '../../../src/demo/sis/district.ts';
import { columnType, quotedColumn, tables } from '../../../src/roster/tables.ts';
import type { Ground } from '../world/ground.ts';

/** What the district's system gives. */
const given = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments'] as const;

/**
 * What the roster of a connection has and its source has not, and the other way round: `entity sourcedId column: …`.
 * Roles have no ids of their own in OneRoster's REST binding (1.2, 6.1.24), so that they are compared without.
 */
export async function findDifferences(
  { query }: Pick<Ground, 'query'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  district: District,
): Promise<string[]> {
  const differences: string[] = [];
  for (const entity of given) {
    const rows = await query<Record<string, string | null>>(
      `select sourced_id, ${models[entity].columns.map(asText).join(', ')} from ${tables[entity]}
       where tenant_id = $1 and connection_id = $2 and removed_at is null`,
      [tenantId, connectionId],
    );
    const held = count(
      rows.map((row) => keyOf(entity, row.sourced_id ?? '', (name) => row[columnName(name)] ?? '')),
    );
    const wanted = count(
      [...district.rows(entity)].map(({ sourcedId, values }) =>
        keyOf(entity, sourcedId, (name) => values[name] ?? ''),
      ),
    );
    for (const key of new Set([...held.keys(), ...wanted.keys()])) {
      const [has, ought] = [held.get(key) ?? 0, wanted.get(key) ?? 0];
      if (has !== ought) differences.push(`${entity} ${key}: ${has} for ${ought}`);
    }
  }
  return differences;
}

function asText(column: Parameters<typeof columnType>[0]): string {
  const name = quotedColumn(column);
  return columnType(column) === 'text[]'
    ? `array_to_string(${name}, ',') as ${name}`
    : `${name}::text as ${name}`;
}

function keyOf(entity: Entity, sourcedId: string, textOf: (column: string) => string): string {
  const values = models[entity].columns.map(({ name }) => textOf(name));
  return [...(entity === 'roles' ? [] : [sourcedId]), ...values].join('|');
}

function count(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
