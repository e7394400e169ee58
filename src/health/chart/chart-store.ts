import { z } from 'zod';
import { changeTypes } from '../../../contracts/changes.ts';
import type { SliceFilter, TimeRange } from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { incidentCauses, severities } from '../../../contracts/incidents.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import type { HealthTx } from '../metrics/count-read-store.ts';

type MarkFilter = Pick<SliceFilter, 'connectionId' | 'partner'>;

const changeRow = z
  .object({
    change_id: z.uuid(),
    tenant_id: z.string(),
    type: z.enum(changeTypes),
    action: z.string(),
    connection_id: z.uuid().nullable(),
    tool_id: z.uuid().nullable(),
    at: z.date(),
  })
  .transform((row) => ({
    ...{ changeId: row.change_id, tenantId: row.tenant_id, type: row.type, action: row.action, at: row.at },
    ...{ connectionId: row.connection_id, toolId: row.tool_id },
  }));
export type ChangeMark = z.output<typeof changeRow>;

/** Changes within a range that could bear on what a filter leaves, the newest first. */
export function listChangeMarks(
  tx: HealthTx,
  range: TimeRange,
  { filter, most }: { filter: MarkFilter; most: number },
): Promise<ChangeMark[]> {
  return tx.many(
    changesWhere(
      range,
      sql`${ofScope(tx)} and ${bearing(filter, sql`c.partner`, sql`i.connection_id`)}`,
      most,
    ),
    changeRow,
  );
}

/** Releases of the hub within a range, which bear on every school, the newest first. */
export function listReleaseMarks(tx: RollupTx, range: TimeRange, most: number): Promise<ChangeMark[]> {
  const isRelease = sql`i.tenant_id = ${HUB_TENANT}::uuid and i.type = 'hub_release'`;
  return tx.many(changesWhere(range, isRelease, most), changeRow);
}

function changesWhere({ from, to }: TimeRange, condition: Sql, most: number): Sql {
  return sql`select i.change_id, i.tenant_id, i.type, i.action, i.connection_id, i.tool_id, i.at
    from integration_change i left join connection c using (tenant_id, connection_id)
    where i.at >= ${from} and i.at < ${to} and ${condition}
    order by i.at desc, i.change_id desc limit ${most}`;
}

const incidentRow = z
  .object({
    incident_id: z.uuid(),
    tenant_id: z.string(),
    severity: z.enum(severities),
    cause: z.enum(incidentCauses),
    partner: z.string().nullable(),
    connection_id: z.uuid().nullable(),
    change_id: z.uuid().nullable(),
    first_failed_at: z.date(),
    opened_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    ...{ incidentId: row.incident_id, tenantId: row.tenant_id, severity: row.severity, cause: row.cause },
    ...{ partner: row.partner, connectionId: row.connection_id, changeId: row.change_id },
    ...{ from: row.first_failed_at, openedAt: row.opened_at, to: row.ended_at },
  }));
export type IncidentMark = z.output<typeof incidentRow>;

/** Incidents that touch a range and bear on what a filter leaves, the latest first. A tenant's are its own. */
export function listIncidentMarks(
  tx: HealthTx,
  { from, to }: TimeRange,
  { filter, most }: { filter: MarkFilter; most: number },
): Promise<IncidentMark[]> {
  return tx.many(
    sql`select i.incident_id, i.tenant_id, i.severity, i.cause, i.partner, i.connection_id, i.change_id,
        i.first_failed_at, i.opened_at, coalesce(i.recovered_at, i.resolved_at) as ended_at
      from incident i
      where i.first_failed_at < ${to} and coalesce(i.recovered_at, i.resolved_at, 'infinity') > ${from}
        and ${ofScope(tx)} and ${bearing(filter, sql`i.partner`, sql`i.partner`)}
      order by i.first_failed_at desc, i.incident_id desc limit ${most}`,
    incidentRow,
  );
}

/** A tenant's handle reaches its own rows only. */
function ofScope(tx: HealthTx): Sql {
  return tx.scope === 'tenant' ? sql`i.tenant_id = ${tx.tenantId}::uuid` : sql`true`;
}

/**
 * Leaves what is of the connection and partner that are asked for, and what is of no single one.
 *
 * @param ofPartner the partner of a row
 * @param bound null in rows that are of no single partner
 */
function bearing({ connectionId, partner }: MarkFilter, ofPartner: Sql, bound: Sql): Sql {
  const isOfConnection = sql`(i.connection_id is null or i.connection_id = ${connectionId ?? null}::uuid)`;
  const isOfPartner = sql`(${bound} is null or ${ofPartner} is not distinct from ${partner ?? null}::text)`;
  return [
    ...(connectionId === undefined ? [] : [isOfConnection]),
    ...(partner === undefined ? [] : [isOfPartner]),
  ].reduce((all, one) => sql`${all} and ${one}`, sql`true`);
}
