import { type Entity, models } from '../../contracts/roster.ts';
import type { CsvFindingCode } from '../csv/finding-codes.ts';
import { KEPT, LEFT_OUT, WATCHED } from '../csv/record-layout.ts';
import { columnsOf, headColumns, modelName, roleColumns11, type Version } from './binding.ts';
import { findColumn } from './find-column.ts';

/** What becomes of a file's columns. */
export interface HeaderPlan {
  /** What becomes of each field, for the scanner. */
  readonly keep: Uint8Array;
  /** Names of those in their order: the model's, and `metadata.…` as they came. */
  readonly columns: readonly string[];
  /** Fields that hold passwords. */
  readonly passwords: readonly number[];
  /** Fields without a name, such as the last ones of a sheet. */
  readonly nameless: readonly number[];
  /** Fields that are to be blank in a file of this mode. */
  readonly blank: readonly { readonly field: number; readonly column: string }[];
  readonly findings: readonly { readonly code: CsvFindingCode; readonly column?: string }[];
  /** Whether rows can be made of it. */
  readonly isUsable: boolean;
}

/** Whether a users file has the form of OneRoster 1.1, where a user has one role and no file of roles is needed. */
export function hasRolesOf11(names: readonly string[]): boolean {
  const lower = names.map((name) => name.toLowerCase());
  return roleColumns11.every((name) => lower.includes(name.toLowerCase()));
}

/**
 * Decides what each column of a file is. The binding wants all of them, in this order, `metadata.*` last (OneRoster 1.2
 * CSV §1.3); what differs is taken as far as it is clear.
 */
export function planHeader(
  names: readonly string[],
  file: { entity: Entity; version: Version; mode: 'bulk' | 'delta' },
): HeaderPlan {
  const { entity, version } = file;
  const findings: { code: CsvFindingCode; column?: string }[] = [];
  const expected = [...headColumns, ...columnsOf(entity, version)];
  const other = columnsOf(entity, version === '1.1' ? '1.2' : '1.1').filter(
    (name) => !expected.includes(name),
  );
  const found = matchNames(names, expected, other, findings);
  const known = found.filter((name) => name !== undefined);
  const nothing = { keep: new Uint8Array(names.length), columns: [], passwords: [], nameless: [], blank: [] };
  if (!looksLikeHeader(names, known, expected)) {
    return { ...nothing, findings: [{ code: 'header_missing' }], isUsable: false };
  }
  const missing = expected.filter(
    (name) => !known.includes(name) && modelName(entity, version, name) !== undefined,
  );
  const required = requiredColumns(file);
  for (const column of missing) {
    findings.push({ code: required.has(column) ? 'required_column_missing' : 'column_missing', column });
  }
  if (missing.some((column) => required.has(column))) return { ...nothing, findings, isUsable: false };
  const nameless = names.flatMap((name, field) => (name === '' ? [field] : []));
  if (nameless.length > 0) findings.push({ code: 'extra_empty_fields' });
  if (!isInOrder(found, expected)) findings.push({ code: 'column_order' });
  const kept = found.map((name) => {
    if (name === undefined || /passw/i.test(name)) return undefined;
    return isMetadata(name) ? name : modelName(entity, version, name);
  });
  const mustBeBlank = (name: string | undefined) =>
    file.mode === 'bulk' && (name === 'status' || name === 'dateLastModified');
  return {
    keep: Uint8Array.from(kept, (name) =>
      name === undefined ? LEFT_OUT : mustBeBlank(name) ? WATCHED : KEPT,
    ),
    nameless,
    blank: kept.flatMap((column, field) =>
      column !== undefined && mustBeBlank(column) ? [{ field, column }] : [],
    ),
    columns: kept.filter((name) => name !== undefined),
    passwords: names.flatMap((name, index) =>
      /passw/i.test(name) || found[index] === 'password' ? [index] : [],
    ),
    findings,
    isUsable: true,
  };
}

/**
 * Whether a first line is one of names. A row in its place must not pass for one by chance: what it holds would be told as
 * the names of columns, and it may be anybody's.
 */
function looksLikeHeader(
  names: readonly string[],
  known: readonly string[],
  expected: readonly string[],
): boolean {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const exact = expected.filter((name) => lower.has(name.toLowerCase())).length;
  return known.includes('sourcedId') || exact >= 2;
}

export function isMetadata(name: string): boolean {
  return name.startsWith('metadata.');
}

/** What each name of a header stands for; undefined: nothing. A name that stands for itself comes before one that may. */
function matchNames(
  names: readonly string[],
  expected: readonly string[],
  other: readonly string[],
  findings: { code: CsvFindingCode; column?: string }[],
): (string | undefined)[] {
  const found: (string | undefined)[] = names.map(() => undefined);
  const isDuplicate = names.map((name, index) => names.indexOf(name) !== index && name !== '');
  for (const [index, name] of names.entries()) {
    const isExact = expected.includes(name) || other.includes(name) || isMetadata(name);
    if (isExact && !isDuplicate[index]) found[index] = name;
  }
  for (const [index, name] of names.entries()) {
    if (name === '') continue;
    const column = name.slice(0, 100);
    if (isDuplicate[index]) findings.push({ code: 'column_duplicate', column });
    else if (found[index] !== undefined) {
      if (other.includes(name)) findings.push({ code: 'column_of_other_version', column });
    } else {
      const free = [...expected, ...other].filter((known) => !found.includes(known));
      found[index] = findColumn(name, free);
      findings.push({ code: found[index] === undefined ? 'column_unknown' : 'column_misspelled', column });
    }
  }
  return found;
}

/** Without these a row is refused, so that reading the file would only look as if all had gone. */
function requiredColumns({ entity, mode, version }: Parameters<typeof planHeader>[1]): Set<string> {
  const required = models[entity].columns.flatMap((column) => (column.required ? [column.name] : []));
  const roles = entity === 'users' && version === '1.1' ? roleColumns11 : [];
  // In a delta each row says what has become of it (OneRoster 1.2 CSV §2).
  return new Set(['sourcedId', ...(mode === 'delta' ? ['status'] : []), ...required, ...roles]);
}

function isInOrder(found: readonly (string | undefined)[], expected: readonly string[]): boolean {
  const places = found.flatMap((name) => {
    if (name === undefined) return [];
    if (isMetadata(name)) return [expected.length];
    return expected.includes(name) ? [expected.indexOf(name)] : [];
  });
  return places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0));
}
