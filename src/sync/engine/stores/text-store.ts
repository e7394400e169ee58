import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { essentialColumns } from '../essential.ts';
import { idFaults, requiredColumns, textFaults } from './fault-rules.ts';
import { note } from './finding-store.ts';
import { fresh, joined, named, raw } from './names.ts';

const place = raw('select part, line, sourced_id from');

/** Mends or rejects ids. */
export async function settleIds(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const faults = idFaults(run.profile, entity);
  const counts = await countEach(
    tx,
    entity,
    faults.map(({ where }) => where),
  );
  for (const [i, { code, severity, where, rejects }] of faults.entries()) {
    if (counts[i] === 0) continue;
    // An id that is none might hold anything.
    const places = sql`select part, line, null::text as sourced_id from ${table} where action <> 'reject' and ${where}`;
    await note(tx, run, { code, severity, entity, ...(rejects ? {} : { column: 'sourcedId' }) }, places);
    if (severity !== 'error' && !rejects) continue;
    await tx.exec(sql`update ${table} set action = 'reject' where action <> 'reject' and ${where}`);
  }
}

/** Mends or rejects texts. */
export async function settleTexts(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const table = fresh(entity);
  const faults = textFaults(entity).map(({ where, ifOdd, ...fault }) => ({
    ...fault,
    where: ifOdd ? sql`is_odd and ${where}` : where,
  }));
  const counts = await countEach(
    tx,
    entity,
    faults.map(({ where }) => where),
  );
  for (const [i, { column, code, where, becomes }] of faults.entries()) {
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
  const required = requiredColumns(entity);
  const isEmpty = (column: (typeof required)[number]) => sql`${named(column)} is null`;
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
  return countAmong(tx, sql`${fresh(entity)} where action <> 'reject'`, conditions);
}

/** As `countEach`, of what stands behind `from`. */
export async function countAmong(tx: StagingTx, from: Sql, conditions: readonly Sql[]): Promise<number[]> {
  const counts = conditions.map((condition) => sql`count(*) filter (where ${condition})`);
  const row = await tx.one(
    sql`select array[${joined(counts)}]::float8[] as counts from ${from}`,
    z.object({ counts: z.array(z.number()) }),
  );
  return row.counts;
}
