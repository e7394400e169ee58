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

/**
 * Writes down a finding at each of the rows.
 *
 * @param places a query of part, line and sourced_id
 */
export async function note(tx: StagingTx, { runId }: EngineRun, kind: Kind, places: Sql): Promise<void> {
  await tx.exec(sql`
    insert into sync_finding
      (tenant_id, run_id, finding_no, code, severity, entity, part, line, column_name, sourced_id, count)
    select ${tx.tenantId}::uuid, ${runId}::uuid, (${nextNumber(tx, runId)}) + place::integer, ${kind.code}, ${kind.severity},
      ${kind.entity}, case when place <= ${mostListed} then part end, case when place <= ${mostListed} then line end,
      ${kind.column ?? null}, case when place <= ${mostListed} and sourced_id ~ ${anId} then sourced_id end,
      case when place <= ${mostListed} then 1 else total - ${mostListed} end
    from (select part, line, sourced_id, row_number() over (order by part, line) as place, count(*) over () as total
      from (${places}) found) numbered
    where place <= ${mostListed + 1}`);
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
