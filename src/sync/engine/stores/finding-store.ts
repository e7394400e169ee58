import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';

/** Of one kind at one column so many are listed; one more row counts the rest. */
const mostListed = 1_000;

/** What is no sourcedId (OneRoster 1.2 CSV §1.4, GUID) may be anything: a name, where columns have slipped. */
const anId = '^[0-9A-Za-z./@_-]{1,255}$';

/** The connector's findings are numbered from 1, these from here: a second validation takes its own back. */
const firstNumber = 1_000_000_000;

export interface Kind {
  code: string;
  severity: 'error' | 'warning' | 'repaired';
  entity: Entity;
  /** As in the header. */
  column?: string;
}

/** Forgets what an earlier validation of the run has found. */
export async function forgetFindings(tx: StagingTx, { runId }: EngineRun): Promise<void> {
  await tx.exec(
    sql`delete from sync_finding
      where tenant_id = ${tx.tenantId} and run_id = ${runId} and finding_no >= ${firstNumber}`,
  );
}

const placeRow = z.object({
  part: z.number().nullable(),
  line: z.number().nullable(),
  sourced_id: z.string().nullable(),
  total: z.number(),
});

/**
 * Writes down a finding at each of the rows. They are asked for first and written then: a query that writes is left to one
 * process, however many rows it looks at, and mostly nothing is found.
 *
 * @param places a query of part, line and sourced_id
 */
export async function note(tx: StagingTx, { runId }: EngineRun, kind: Kind, places: Sql): Promise<void> {
  const found = await tx.many(
    sql`select part, line, case when sourced_id ~ ${anId} then sourced_id end as sourced_id, total::float8
      from (select part, line, sourced_id, row_number() over (order by part, line) as place, count(*) over () as total
        from (${places}) found) numbered
      where place <= ${mostListed + 1} order by place`,
    placeRow,
  );
  if (found.length === 0) return;
  const listed = found.slice(0, mostListed);
  const rest = found.slice(mostListed).map(({ total }) => total - mostListed);
  const column = <T>(of: (row: (typeof found)[number]) => T) => [...listed.map(of), ...rest.map(() => null)];
  await tx.exec(sql`
    insert into sync_finding
      (tenant_id, run_id, finding_no, code, severity, entity, part, line, column_name, sourced_id, count)
    select ${tx.tenantId}::uuid, ${runId}::uuid, (${nextNumber(tx, runId)}) + place::integer, ${kind.code}, ${kind.severity},
      ${kind.entity}, part, line, ${kind.column ?? null}, sourced_id, count
    from unnest(${column((row) => row.part)}::integer[], ${column((row) => row.line)}::integer[],
      ${column((row) => row.sourced_id)}::text[], ${[...listed.map(() => 1), ...rest]}::bigint[])
      with ordinality u (part, line, sourced_id, count, place)`);
}

/** Writes down a finding about an entity as a whole. */
export async function noteSet(tx: StagingTx, { runId }: EngineRun, kind: Kind, count: number): Promise<void> {
  await tx.exec(sql`
    insert into sync_finding (tenant_id, run_id, finding_no, code, severity, entity, count)
    select ${tx.tenantId}::uuid, ${runId}::uuid, (${nextNumber(tx, runId)}) + 1, ${kind.code}, ${kind.severity},
      ${kind.entity}, ${count}::bigint`);
}

function nextNumber(tx: StagingTx, runId: string): Sql {
  return sql`select greatest(max(finding_no), ${firstNumber}) from sync_finding
    where tenant_id = ${tx.tenantId} and run_id = ${runId}`;
}
