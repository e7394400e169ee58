import { ConnectorError } from '../../contracts/connector.ts';
import { models } from '../../contracts/roster.ts';
import type { CsvFindingCode } from '../csv/finding-codes.ts';
import type { FileMapping, ValueMapping } from './settings.ts';
import { bare, type MakeValue, makeValue } from './values.ts';

/** How the rows of a file become the model's. */
export interface FileMap {
  /** 1 for each field of the file that is needed. */
  readonly keep: Uint8Array;
  /** Names of what `rewrite` gives, the line's number first. */
  readonly columns: readonly string[];
  /** @param fields those that are kept, the line's number first @returns no row, or one */
  rewrite(fields: readonly string[]): readonly (readonly string[])[];
}

const headColumns = ['status', 'dateLastModified'];
/** sourcedIds remembered to take each once: some 100 MB. */
const mostDistinct = 1_000_000;

/**
 * Checks a mapping against the model.
 *
 * @throws ConnectorError `settings` with what to change
 */
export function checkMapping({ entity, file, columns }: FileMapping): void {
  const known = [...headColumns, ...models[entity].columns.map(({ name }) => name)];
  const strange = Object.keys(columns).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new ConnectorError(
      'settings',
      'mapping_column_unknown',
      `The mapping of ${file} gives "${strange}", which ${entity} do not have. They have: ${known.join(', ')}.`,
    );
  }
  const required = models[entity].columns.filter((column) => column.required).map(({ name }) => name);
  const missing = required.filter((name) => columns[name] === undefined);
  if (missing.length > 0) {
    throw new ConnectorError(
      'settings',
      'mapping_incomplete',
      `The mapping of ${file} lacks ${missing.join(', ')}, which ${entity} cannot do without. Name a column or a constant.`,
    );
  }
}

/** Columns that a mapping needs and a file does not have. */
export function findMissing(mapping: FileMapping, names: readonly string[]): string[] {
  return [...new Set(columnsNeeded(mapping))].filter((column) => indexOf(names, column) === -1);
}

/**
 * Binds a mapping to a file's header, which has all columns it needs.
 *
 * @param tell is told what is odd about a row
 */
export function mapFile(
  mapping: FileMapping,
  names: readonly string[],
  tell: (code: CsvFindingCode, at: { line: number; column?: string }) => void,
): FileMap {
  const needed = new Set(columnsNeeded(mapping).map((column) => indexOf(names, column)));
  const kept = [...needed].sort((a, b) => a - b);
  const placeOf = (column: string) => kept.indexOf(indexOf(names, column)) + 1;
  const makeId = makeValue(mapping.sourcedId, 'id', placeOf);
  const makers = Object.entries(mapping.columns).map(([name, value]): [string, MakeValue] => {
    const column = models[mapping.entity].columns.find((each) => each.name === name);
    return [name, makeValue(value, column?.kind.is ?? 'text', placeOf)];
  });
  const filters = Object.entries(mapping.only).map(([column, values]) => ({
    place: placeOf(column),
    values: new Set(values.map(bare)),
  }));
  const seen = new Set<string>();
  return {
    keep: Uint8Array.from(names, (_, index) => (needed.has(index) ? 1 : 0)),
    columns: ['line', 'sourcedId', ...makers.map(([name]) => name)],
    rewrite: (fields) => {
      const line = Number(fields[0]);
      if (filters.some(({ place, values }) => !values.has(bare(fields[place] ?? '')))) return [];
      const say = (code: CsvFindingCode, column: string) => tell(code, { line, column });
      const sourcedId = makeId(fields, say);
      if (sourcedId === '') {
        // Spreadsheets leave rows of commas behind the last one: nobody stands in them.
        const isBlank = fields.every((field, place) => place === 0 || field.trim() === '');
        tell(isBlank ? 'row_blank' : 'sourced_id_empty', { line });
        return [];
      }
      if (mapping.distinct && !remember(seen, sourcedId, mapping.file)) return [];
      return [[fields[0] as string, sourcedId, ...makers.map(([, make]) => make(fields, say))]];
    },
  };
}

/** @returns whether it is new */
function remember(seen: Set<string>, sourcedId: string, file: string): boolean {
  if (seen.has(sourcedId)) return false;
  if (seen.size >= mostDistinct) {
    throw new ConnectorError(
      'settings',
      'mapping_distinct_too_many',
      `${file} has more than ${mostDistinct} different sourcedIds, too many to take each once. Export these rows apart.`,
    );
  }
  seen.add(sourcedId);
  return true;
}

function columnsNeeded({ sourcedId, columns, only }: FileMapping): string[] {
  const used = [sourcedId, ...Object.values(columns)].flatMap(columnsOf);
  return [...used, ...Object.keys(only)];
}

function columnsOf(value: ValueMapping): string[] {
  return 'constant' in value ? [] : [value.from].flat();
}

/** Exactly as named first; otherwise in any case. */
function indexOf(names: readonly string[], column: string): number {
  const exact = names.indexOf(column);
  return exact === -1 ? names.findIndex((name) => bare(name) === bare(column)) : exact;
}
