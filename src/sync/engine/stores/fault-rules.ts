import type { Column, Entity } from '../../../../contracts/roster.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { essentialColumns } from '../essential.ts';
import { columnsOf, ends, joined, named, raw, trimmed } from './names.ts';

/** OneRoster sets no length but that of sourcedIds; no name or title is longer. */
const longestText = 1_000;
const longestId = 255;

/** White space around the words of a list, but for the one space that may stand behind a comma. */
const oddWords = `[${ends}],|,([\t\r\n\u00a0]| [${ends}])`;
const between = (mark: string) => `[${ends}]*${mark}[${ends}]*`;

/** White space at an end of a value, or a control character anywhere (U+001F stands between the values). */
const oddText = '^\\s|\\s$|\\x1f\\s|\\s\\x1f|[\\x01-\\x1e\\x7f]';

/** A number as a spreadsheet rounds and shows it, by the comma or point of its language: 1.2E+05. */
export function isRounded(text: Sql): Sql {
  return sql`${text} ~ ${'^\\d([.,]\\d+)?[eE]\\+\\d+$'}`;
}

/** What the binding does not allow in an id (OneRoster 1.2 CSV §1.4, GUID). */
const otherLetters = raw(`sourced_id ~ '[^0-9A-Za-z./@_-]'`);

interface IdFault {
  code: string;
  severity: 'error' | 'warning' | 'repaired';
  where: Sql;
  /** Takes its row along, though nothing is lost by it. */
  rejects?: true;
}

/** What can be wrong with ids: there must be one, of the letters that the binding allows. */
export function idFaults(profile: EngineRun['profile'], entity: Entity): IdFault[] {
  const isStrict = profile === 'strict';
  const values = joined([...columnsOf(entity).map((column) => named(column)), raw('metadata')]);
  return [
    // Spreadsheets leave rows of commas behind the last one: nobody stands in them.
    {
      code: 'row_blank',
      severity: isStrict ? 'error' : 'repaired',
      where: sql`sourced_id is null and num_nonnulls(${values}) = 0`,
      rejects: true,
    },
    { code: 'sourced_id_missing', severity: 'error', where: raw('sourced_id is null') },
    { code: 'sourced_id_too_long', severity: 'error', where: sql`length(sourced_id) > ${longestId}` },
    // Many ids become one.
    {
      code: 'sourced_id_scientific',
      severity: 'error',
      where: isRounded(raw('sourced_id')),
    },
    { code: 'sourced_id_letters', severity: isStrict ? 'error' : 'warning', where: otherLetters },
    { code: 'text_trimmed', severity: isStrict ? 'error' : 'repaired', where: raw('is_trimmed') },
  ];
}

interface TextFault {
  column: Column;
  code: string;
  where: Sql;
  /** Only where the row looks odd: a pattern costs more than all else. */
  ifOdd: boolean;
  becomes: Sql;
}

/** White space around values, control characters within, texts too long, grades as single digits, lists by semicolons. */
export function textFaults(entity: Entity): TextFault[] {
  return columnsOf(entity)
    .filter(({ kind }) => ['text', 'list', 'reference', 'references'].includes(kind.is))
    .flatMap((column) => faultsOf(column));
}

function faultsOf(column: Column): TextFault[] {
  const name = named(column);
  const isList = column.kind.is === 'list' || column.kind.is === 'references';
  const longest = column.kind.is === 'text' ? (column.kind.longest ?? longestText) : undefined;
  // Lines are part of a long text.
  const control =
    longest !== undefined && longest > longestText ? '[\\x01-\\x08\\x0b-\\x1f\\x7f]+' : '[\\x01-\\x1f\\x7f]+';
  const tidy = sql`nullif(${trimmed(name)}, '')`;
  const plain = sql`nullif(btrim(regexp_replace(${name}, ${control}, ' ', 'g')), '')`;
  const faults: TextFault[] = [
    { column, code: 'control_characters', where: sql`${name} ~ ${control}`, ifOdd: true, becomes: plain },
    {
      column,
      code: 'text_trimmed',
      where: sql`${name} is distinct from ${tidy}`,
      ifOdd: true,
      becomes: tidy,
    },
  ];
  if (longest !== undefined) {
    const becomes = sql`left(${name}, ${longest})`;
    faults.push({
      column,
      code: 'text_too_long',
      where: sql`length(${name}) > ${longest}`,
      ifOdd: false,
      becomes,
    });
  }
  if (isList) {
    faults.push({
      column,
      code: 'text_trimmed',
      // Most lists have one word.
      where: sql`${name} like '%,%' and ${name} ~ ${oddWords}`,
      ifOdd: false,
      becomes: sql`regexp_replace(${name}, ${between(',')}, ',', 'g')`,
    });
  }
  if (isList && column.name !== 'userIds') {
    faults.push({
      column,
      code: 'list_semicolons',
      where: sql`${name} like '%;%' and ${name} not like '%,%'`,
      ifOdd: false,
      becomes: sql`regexp_replace(${name}, ${between(';')}, ',', 'g')`,
    });
  }
  if (column.name === 'grades') {
    faults.push({
      // CEDS writes 09 (OneRoster 1.2 §5, grades).
      column,
      code: 'grade_digit',
      where: sql`${name} ~ '(^|,) *[1-9] *(,|$)'`,
      ifOdd: false,
      becomes: sql`regexp_replace(${name}, '(^|,) *([1-9])(?= *(,|$))', '\\10\\2', 'g')`,
    });
  }
  return faults;
}

/** Columns that must hold something. */
export function requiredColumns(entity: Entity): Column[] {
  const essential = essentialColumns(entity);
  return columnsOf(entity).filter((column) => column.required || essential.includes(column.name));
}

/**
 * Whether texts of a row have to be looked at one by one. References need no pattern, which costs more than all else: what
 * is wrong within one leads nowhere. Days and words are decided by their values.
 */
export function looksOdd(entity: Entity): Sql {
  const columns = columnsOf(entity);
  const texts = columns.filter(({ kind }) => ['text', 'list', 'references'].includes(kind.is));
  const references = columns.filter(({ kind }) => kind.is === 'reference').map((column) => named(column));
  const odd = references.map((name) => sql`coalesce(${name} <> ${trimmed(name)}, false)`);
  if (texts.length > 0) {
    const all = joined(texts.map((column) => named(column)));
    odd.unshift(sql`concat_ws(E'\\x1f', ${all}) ~ ${oddText}`);
  }
  return odd.length === 0 ? raw('false') : sql`(${joined(odd, ' or ')})`;
}

/**
 * Whether anything above can be wrong with a row as it was read, or any of the further signs is there. White space and a
 * plus sign are among the letters an id must not have.
 */
export function isDoubtful(entity: Entity, signs: readonly Sql[]): Sql {
  const ofTexts = textFaults(entity).filter(({ ifOdd }) => !ifOdd);
  const doubts = [
    sql`coalesce(sourced_id, '') = '' or length(sourced_id) > ${longestId} or ${otherLetters}`,
    ...requiredColumns(entity).map((column) => sql`${named(column)} is null`),
    ...ofTexts.map(({ where }) => where),
    ...signs,
    looksOdd(entity),
  ];
  return sql`(${joined(doubts, ' or ')})`;
}
