import type { Page, SourceRow } from '../../../contracts/connector.ts';
import { columnName, type Entity, models } from '../../../contracts/roster.ts';

/** Columns of every entity, and their names in the database. */
const headColumns: Readonly<Record<string, string>> = {
  line: 'line',
  sourcedId: 'sourced_id',
  status: 'status',
  dateLastModified: 'date_last_modified',
  metadata: 'metadata',
};

/** The columns of a page's text, as the database names them. */
export function pageColumns(entity: Entity): string[] {
  const own = models[entity].columns.map(({ name }) => columnName(name));
  return ['part', 'line', 'sourced_id', 'status', 'date_last_modified', ...own, 'metadata'];
}

/**
 * The columns of a connector's own text, as the database names them.
 *
 * @throws Error where one is unknown: that is the connector's fault, not the source's
 */
export function rawColumns(entity: Entity, names: readonly string[]): string[] {
  const known = new Set(models[entity].columns.map(({ name }) => name));
  return names.map((name) => {
    const column = headColumns[name] ?? (known.has(name) ? columnName(name) : undefined);
    if (column === undefined)
      throw new Error(`The connector gives ${entity} a column "${name}" they do not have`);
    return column;
  });
}

/** A page's rows as CSV (RFC 4180) with the columns of `pageColumns`. */
export function pageText(entity: Entity, page: Page, part: number): string {
  const names = models[entity].columns.map(({ name }) => name);
  return page.rows.map((row, i) => `${part},${page.first + i},${rowText(row, names)}\n`).join('');
}

function rowText(row: SourceRow, names: readonly string[]): string {
  const values = names.map((name) => (Object.hasOwn(row.values, name) ? row.values[name] : undefined));
  const metadata =
    row.metadata === undefined ? undefined : JSON.stringify(row.metadata).replaceAll('\\u0000', '');
  return [row.sourcedId, row.status, row.dateLastModified, ...values, metadata].map(quoted).join(',');
}

/** PostgreSQL's text knows no NUL. */
function quoted(value: string | undefined): string {
  if (value === undefined) return '';
  // Millions of values hold neither.
  if (!value.includes('"') && !value.includes('\0')) return `"${value}"`;
  return `"${value.replaceAll('\0', '').replaceAll('"', '""')}"`;
}
