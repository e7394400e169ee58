import { z } from 'zod';
import type { Column, Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { json, type Sql, sql } from '../../../platform/sql/sql.ts';
import { quotedColumn } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';
import { decideValue } from '../decide-value.ts';
import { essentialColumns } from '../essential.ts';
import { takeUp } from './compare-store.ts';
import { note } from './finding-store.ts';
import { columnsOf, due, fresh, joined, named, raw } from './names.ts';

/** So many different values are looked at at a time, by one pass over the rows. */
const atOnce = 50_000;

/** Kinds whose values are few: days, words, yes and no. */
function isCounted({ kind }: Column): boolean {
  return ['oneOf', 'date', 'boolean', 'year', 'number'].includes(kind.is);
}

/** Values that need no decision, so that what comes to the program is little even of ten million rows. */
function isSurelyClean({ kind }: Column, value: Sql): Sql {
  switch (kind.is) {
    case 'oneOf':
      return sql`${value} = any (${kind.values as string[]}::text[])`;
    case 'boolean':
      return sql`${value} in ('true', 'false')`;
    case 'date':
      return sql`${value} ~ '^(19|20)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])$'`;
    case 'number':
      return sql`${value} ~ '^-?\\d{1,12}(\\.\\d{1,6})?$'`;
    default:
      return sql`false`;
  }
}

const valueRow = z.object({ which: z.number(), value: z.string() });

interface Decided {
  column: Column;
  /** What each value becomes; null empties it. */
  becomes: Record<string, string | null>;
  /** Values by severity and code. */
  found: Map<string, { severity: 'error' | 'warning' | 'repaired'; code: string; values: string[] }>;
  rejects: string[];
}

/** Decides every different value once, and writes back what is not as it should be, in one pass over the rows. */
export async function settleValues(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const columns = columnsOf(entity).filter(isCounted);
  if (columns.length === 0) return;
  let last: z.output<typeof valueRow> | undefined;
  do {
    const values: z.output<typeof valueRow>[] = await listValues(tx, run, entity, columns, last);
    const decided = columns.flatMap((column, which) => {
      const ofColumn = values.filter((each) => each.which === which).map(({ value }) => value);
      return planColumn(column, ofColumn, entity, run.profile) ?? [];
    });
    for (const one of decided) await noteColumn(tx, run, entity, one);
    if (decided.length > 0) await writeBack(tx, run, entity, decided);
    last = values.length < atOnce ? undefined : values.at(-1);
  } while (last !== undefined);
}

function listValues(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  columns: readonly Column[],
  after: z.output<typeof valueRow> | undefined,
) {
  const names = joined(columns.map((column) => named(column)));
  const sets = joined(columns.map((column) => sql`(${named(column)})`));
  const which = columns.map((column, i) => sql`when grouping(${named(column)}) = 0 then ${raw(String(i))}`);
  const clean = columns.map(
    (column, i) => sql`when ${raw(String(i))} then ${isSurelyClean(column, raw('value'))}`,
  );
  const from =
    after === undefined ? raw('true') : sql`(which, value) > (${after.which}::integer, ${after.value})`;
  return tx.many(
    sql`select which, value from (
        select case ${joined(which, ' ')} end as which, coalesce(${names}) as value
        from ${due(entity, run)} where action <> 'reject' group by grouping sets (${sets})) found
      where value is not null and not (case which ${joined(clean, ' ')} end) and ${from}
      order by which, value limit ${atOnce}`,
    valueRow,
  );
}

/** What becomes of the values of a column; undefined where all are clean. */
function planColumn(
  column: Column,
  values: readonly string[],
  entity: Entity,
  profile: EngineRun['profile'],
): Decided | undefined {
  const takesRow = profile === 'strict' || essentialColumns(entity).includes(column.name);
  const decided: Decided = { column, becomes: {}, found: new Map(), rejects: [] };
  for (const value of values) {
    const verdict = decideValue(column.kind, value, profile);
    if (verdict.verdict === 'clean') continue;
    const isRepaired = verdict.verdict === 'repaired';
    const severity = isRepaired ? 'repaired' : takesRow ? 'error' : 'warning';
    decided.becomes[value] = isRepaired ? verdict.value : null;
    if (!isRepaired && takesRow) decided.rejects.push(value);
    const key = `${severity} ${verdict.code}`;
    const group = decided.found.get(key) ?? { severity, code: verdict.code, values: [] };
    group.values.push(value);
    decided.found.set(key, group);
  }
  return decided.found.size === 0 ? undefined : decided;
}

async function noteColumn(tx: StagingTx, run: EngineRun, entity: Entity, { column, found }: Decided) {
  for (const { severity, code, values } of found.values()) {
    await note(
      tx,
      run,
      { code, severity, entity, column: column.name },
      sql`select part, line, sourced_id from ${due(entity, run)}
        where action <> 'reject' and ${named(column)} = any (${values}::text[])`,
    );
  }
}

async function writeBack(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  decided: readonly Decided[],
): Promise<void> {
  const name = ({ column }: Decided) => raw(quotedColumn(column));
  const has = (one: Decided) => sql`${json(one.becomes)}::jsonb ? ${name(one)}`;
  const set = decided.map(
    (one) => sql`${name(one)} = case when ${has(one)} then ${json(one.becomes)}::jsonb ->> ${name(one)}
      else ${name(one)} end`,
  );
  const rejected = decided.map((one) => sql`${name(one)} = any (${one.rejects}::text[])`);
  const isDecided = joined(decided.map(has), ' or ');
  await takeUp(tx, run, entity, isDecided);
  await tx.exec(sql`update ${fresh(entity)}
    set ${joined(set)}, action = case when ${joined(rejected, ' or ')} then 'reject' else action end
    where action <> 'reject' and (${isDecided})`);
}
