import { z } from 'zod';
import type { Column, Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { essentialColumns } from '../essential.ts';
import { ends } from './compare-store.ts';
import { note } from './finding-store.ts';
import { columnsOf, fresh, joined, named, raw } from './names.ts';

/** OneRoster sets no length but that of sourcedIds; no name or title is longer. */
const longestText = 1_000;
const longestId = 255;

const place = raw('select part, line, sourced_id from');

/** Ids: there must be one, of the letters that the binding allows (OneRoster 1.2 CSV §1.4, GUID). */
export async function settleIds(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const isStrict = run.profile === 'strict';
  const bad = isStrict ? 'error' : 'warning';
  const faults: { code: string; severity: 'error' | 'warning' | 'repaired'; where: Sql }[] = [
    { code: 'sourced_id_missing', severity: 'error', where: raw('sourced_id is null') },
    { code: 'sourced_id_too_long', severity: 'error', where: sql`length(sourced_id) > ${longestId}` },
    // 123456 shown as 1.2E+05 by a spreadsheet: many ids become one.
    {
      code: 'sourced_id_scientific',
      severity: 'error',
      where: raw(`sourced_id ~ '^\\d(\\.\\d+)?[eE]\\+\\d+$'`),
    },
    { code: 'sourced_id_letters', severity: bad, where: raw(`sourced_id ~ '[^0-9A-Za-z./@_-]'`) },
    { code: 'text_trimmed', severity: isStrict ? 'error' : 'repaired', where: raw('is_trimmed') },
  ];
  const counts = await countEach(
    tx,
    entity,
    faults.map(({ where }) => where),
  );
  for (const [i, { code, severity, where }] of faults.entries()) {
    if (counts[i] === 0) continue;
    // An id that is none might hold anything.
    const places = sql`select part, line, null::text as sourced_id from ${table} where action <> 'reject' and ${where}`;
    await note(tx, run, { code, severity, entity, column: 'sourcedId' }, places);
    if (severity !== 'error') continue;
    await tx.exec(sql`update ${table} set action = 'reject' where action <> 'reject' and ${where}`);
  }
}

/** White space around values, control characters within, texts too long, grades as single digits, lists by semicolons. */
export async function settleTexts(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const columns = columnsOf(entity).filter(({ kind }) =>
    ['text', 'list', 'reference', 'references'].includes(kind.is),
  );
  const isList = ({ kind }: Column) => kind.is === 'list' || kind.is === 'references';
  const repairs = columns.flatMap((column) => {
    const name = named(column);
    const longest = column.kind.is === 'text' ? (column.kind.longest ?? longestText) : undefined;
    // Lines are part of a long text.
    const control =
      longest !== undefined && longest > longestText
        ? '[\\x01-\\x08\\x0b-\\x1f\\x7f]+'
        : '[\\x01-\\x1f\\x7f]+';
    const tidy = sql`nullif(btrim(${name}, ${ends}), '')`;
    const plain = sql`nullif(btrim(regexp_replace(${name}, ${control}, ' ', 'g')), '')`;
    return [
      { column, code: 'control_characters', where: sql`is_odd and ${name} ~ ${control}`, becomes: plain },
      {
        column,
        code: 'text_trimmed',
        where: sql`is_odd and ${name} is distinct from ${tidy}`,
        becomes: tidy,
      },
      ...(longest === undefined
        ? []
        : [
            {
              column,
              code: 'text_too_long',
              where: sql`length(${name}) > ${longest}`,
              becomes: sql`left(${name}, ${longest})`,
            },
          ]),
      ...(isList(column) && column.name !== 'userIds'
        ? [
            {
              column,
              code: 'list_semicolons',
              where: sql`${name} like '%;%' and ${name} not like '%,%'`,
              becomes: sql`replace(${name}, ';', ',')`,
            },
          ]
        : []),
      ...(column.name === 'grades'
        ? [
            {
              // CEDS writes 09 (OneRoster 1.2 §5, grades).
              column,
              code: 'grade_digit',
              where: sql`${name} ~ '(^|,) *[1-9] *(,|$)'`,
              becomes: sql`regexp_replace(${name}, '(^|,) *([1-9])(?= *(,|$))', '\\10\\2', 'g')`,
            },
          ]
        : []),
    ];
  });
  const counts = await countEach(
    tx,
    entity,
    repairs.map(({ where }) => where),
  );
  for (const [i, { column, code, where, becomes }] of repairs.entries()) {
    if (counts[i] === 0) continue;
    const rejects = run.profile === 'strict' && code !== 'grade_digit';
    const kind = { code, severity: rejects ? 'error' : 'repaired', entity, column: column.name } as const;
    await note(tx, run, kind, sql`${place} ${table} where action <> 'reject' and ${where}`);
    const change = rejects ? sql`action = 'reject'` : sql`${named(column)} = ${becomes}`;
    await tx.exec(sql`update ${table} set ${change} where action <> 'reject' and ${where}`);
  }
}

/** Columns that must hold something. */
export async function settleRequired(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const essential = essentialColumns(entity);
  const required = columnsOf(entity).filter((column) => column.required || essential.includes(column.name));
  const isEmpty = (column: Column) => sql`${named(column)} is null`;
  const counts = await countEach(tx, entity, required.map(isEmpty));
  for (const [i, column] of required.entries()) {
    if (counts[i] === 0) continue;
    const rejects = run.profile === 'strict' || essential.includes(column.name);
    const kind = {
      code: 'value_missing',
      severity: rejects ? 'error' : 'warning',
      entity,
      column: column.name,
    } as const;
    await note(tx, run, kind, sql`${place} ${table} where action <> 'reject' and ${isEmpty(column)}`);
    if (rejects) {
      await tx.exec(
        sql`update ${table} set action = 'reject' where action <> 'reject' and ${isEmpty(column)}`,
      );
    }
  }
}

/** How many rows meet each condition, by one pass. */
export async function countEach(
  tx: StagingTx,
  entity: Entity,
  conditions: readonly Sql[],
): Promise<number[]> {
  if (conditions.length === 0) return [];
  const counts = conditions.map((condition) => sql`count(*) filter (where ${condition})`);
  const row = await tx.one(
    sql`select array[${joined(counts)}]::float8[] as counts from ${fresh(entity)} where action <> 'reject'`,
    z.object({ counts: z.array(z.number()) }),
  );
  return row.counts;
}
