import { z } from 'zod';
import type { SourceFinding } from '../../../contracts/connector.ts';
import type { RunId } from '../../../contracts/ids.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import { severities } from '../../../contracts/sync.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { Finding } from '../run.ts';

export type StoredFinding = Omit<Finding, 'happened' | 'advice'>;

const findingRow = z
  .object({
    finding_no: z.number(),
    code: z.string(),
    severity: z.enum(severities),
    entity: z.enum(entities).nullable(),
    part: z.string().nullable(),
    line: z.number().nullable(),
    column_name: z.string().nullable(),
    sourced_id: z.string().nullable(),
    count: z.coerce.number(),
  })
  .transform(
    ({ finding_no, column_name, sourced_id, ...rest }): StoredFinding => ({
      findingNo: finding_no,
      column: column_name,
      sourcedId: sourced_id,
      ...rest,
    }),
  );

/** Findings of a run in their order. @param page.after goes on after the page that ended with this number */
export function listFindings(
  tx: TenantTx,
  runId: RunId,
  page: { after?: number | undefined; limit: number },
): Promise<StoredFinding[]> {
  return tx.many(
    sql`select f.finding_no, f.code, f.severity, f.entity, p.name as part, f.line, f.column_name, f.sourced_id, f.count
      from sync_finding f
      left join sync_run_part p on p.tenant_id = f.tenant_id and p.run_id = f.run_id and p.part = f.part
      where f.tenant_id = ${tx.tenantId} and f.run_id = ${runId} and f.finding_no > ${page.after ?? 0}
      order by f.finding_no limit ${page.limit}`,
    findingRow,
  );
}

/** What was found in a run, each code once. */
export async function listCodes(tx: TenantTx, runId: RunId): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct code from sync_finding where tenant_id = ${tx.tenantId} and run_id = ${runId}`,
    z.object({ code: z.string() }),
  );
  return rows.map(({ code }) => code);
}

/** How many rows a code was found with. */
export async function countFound(tx: TenantTx, runId: RunId, code: string): Promise<number> {
  const { count } = await tx.one(
    sql`select coalesce(sum(count), 0)::float8 as count from sync_finding
      where tenant_id = ${tx.tenantId} and run_id = ${runId} and code = ${code}`,
    z.object({ count: z.number() }),
  );
  return count;
}

/** Entities of which an error of one of the codes was found. */
export async function listEntitiesWith(
  tx: TenantTx,
  runId: RunId,
  codes: readonly string[],
): Promise<Entity[]> {
  const rows = await tx.many(
    sql`select distinct entity from sync_finding
      where tenant_id = ${tx.tenantId} and run_id = ${runId} and severity = 'error' and code = any(${[...codes]})
        and entity is not null`,
    z.object({ entity: z.enum(entities) }),
  );
  return rows.map(({ entity }) => entity);
}

/** From here on those are numbered that are found while rows are compared, and not while they are read. */
const firstOfValidation = 1_000_000_000;

/**
 * Writes down what was found while an entity was read. Parts that are not known yet get a number; what is there already, from
 * a page that is read again, is left. Beyond `most` findings of a run only errors are kept that the entity had none of by
 * that code: holds and the strict profile ask which there are.
 *
 * @param entity null: of what was read as a whole
 */
export async function addFindings(
  tx: TenantTx,
  runId: RunId,
  entity: Entity | null,
  findings: readonly SourceFinding[],
  most: number,
): Promise<void> {
  const rows = findings.map((finding, index) => ({
    place: index,
    code: finding.code,
    severity: finding.severity,
    part: finding.part?.slice(0, 2_000) ?? null,
    line: finding.line ?? null,
    column_name: finding.column ?? null,
    count: finding.count ?? 1,
  }));
  const { tenantId } = tx;
  await tx.exec(sql`
    insert into sync_run_part (tenant_id, run_id, part, entity, name)
    select ${tenantId}::uuid, ${runId}::uuid,
      coalesce((select max(part) from sync_run_part where tenant_id = ${tenantId} and run_id = ${runId}), 0)
        + row_number() over (order by named.name),
      ${entity}::text, named.name
    from (select distinct part as name from jsonb_to_recordset(${json(rows)}::jsonb) as r(part text)) named
    where named.name is not null and not exists (select from sync_run_part known
      where known.tenant_id = ${tenantId} and known.run_id = ${runId} and known.name = named.name
        and known.entity = ${entity})`);
  await tx.exec(sql`
    insert into sync_finding (tenant_id, run_id, finding_no, code, severity, entity, part, line, column_name, count)
    select ${tenantId}::uuid, ${runId}::uuid, last.finding_no + row_number() over (order by r.place), r.code, r.severity,
      ${entity}::text, p.part, r.line, r.column_name, r.count
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(place integer, code text, severity text, part text, line integer,
      column_name text, count bigint)
    cross join (select coalesce(max(finding_no), 0) as finding_no from sync_finding
      where tenant_id = ${tenantId} and run_id = ${runId} and finding_no < ${firstOfValidation}) last
    left join sync_run_part p on p.tenant_id = ${tenantId} and p.run_id = ${runId} and p.name = r.part
      and p.entity = ${entity}
    where (last.finding_no < ${most} or (r.severity = 'error' and not exists (select from sync_finding f
        where f.tenant_id = ${tenantId} and f.run_id = ${runId} and f.entity is not distinct from ${entity}::text
          and f.code = r.code and f.severity = 'error')))
      and not exists (select from sync_finding f
      where f.tenant_id = ${tenantId} and f.run_id = ${runId} and f.entity is not distinct from ${entity}::text and f.code = r.code
        and f.part is not distinct from p.part and f.line is not distinct from r.line
        and f.column_name is not distinct from r.column_name)`);
}

/** Forgets what was found in an entity, or in all of a run. */
export async function removeFindings(tx: TenantTx, runId: RunId, entity?: Entity): Promise<void> {
  await tx.exec(sql`
    delete from sync_finding where tenant_id = ${tx.tenantId} and run_id = ${runId}
      ${entity === undefined ? sql`` : sql`and entity = ${entity}`}`);
}
