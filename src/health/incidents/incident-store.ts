import { z } from 'zod';
import { type ConnectionId, HUB_TENANT, type IncidentId, type TenantId } from '../../../contracts/ids.ts';
import {
  type AlertRule,
  alertRules,
  type IncidentCause,
  type IncidentSeverity,
  type IncidentState,
  incidentCauses,
  incidentStates,
  severities,
} from '../../../contracts/incidents.ts';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import type { Alert } from './alert.ts';
import type { NewIncident } from './plan.ts';

type OwnerTx = TenantTx | HubTx;

export interface Incident {
  /** The nil tenant: of several schools, or of the hub. */
  tenantId: TenantId;
  incidentId: IncidentId;
  state: IncidentState;
  severity: IncidentSeverity;
  cause: IncidentCause;
  causeKey: string;
  partner: string | null;
  connectionId: ConnectionId | null;
  changeId: string | null;
  firstFailedAt: Date;
  openedAt: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  recoveredAt: Date | null;
  resolvedAt: Date | null;
}

const incidentFields = z.object({
  tenant_id: z.string(),
  incident_id: z.uuid(),
  state: z.enum(incidentStates),
  severity: z.enum(severities),
  cause: z.enum(incidentCauses),
  cause_key: z.string(),
  partner: z.string().nullable(),
  connection_id: z.uuid().nullable(),
  change_id: z.uuid().nullable(),
  first_failed_at: z.date(),
  opened_at: z.date(),
  acknowledged_at: z.date().nullable(),
  acknowledged_by: z.string().nullable(),
  recovered_at: z.date().nullable(),
  resolved_at: z.date().nullable(),
});

function toIncident(row: z.output<typeof incidentFields>): Incident {
  const { state, severity, cause, partner } = row;
  return {
    ...{ state, severity, cause, partner, causeKey: row.cause_key, changeId: row.change_id },
    tenantId: row.tenant_id as TenantId,
    incidentId: row.incident_id as IncidentId,
    connectionId: row.connection_id as ConnectionId | null,
    ...{ firstFailedAt: row.first_failed_at, openedAt: row.opened_at },
    ...{ acknowledgedAt: row.acknowledged_at, acknowledgedBy: row.acknowledged_by },
    ...{ recoveredAt: row.recovered_at, resolvedAt: row.resolved_at },
  };
}

const incidentRow = incidentFields.transform(toIncident);
const columns = sql`i.tenant_id, i.incident_id, i.state, i.severity, i.cause, i.cause_key, i.partner, i.connection_id,
  i.change_id, i.first_failed_at, i.opened_at, i.acknowledged_at, i.acknowledged_by, i.recovered_at, i.resolved_at`;

/** An incident as evaluating sees it. */
export type WatchedIncident = Incident & { lastFiredAt: Date; alertKeys: string[]; kinds: string[] };

const watchedRow = incidentFields
  .extend({ last_fired_at: z.date(), alert_keys: z.array(z.string()), kinds: z.array(z.string()) })
  .transform(
    (row): WatchedIncident => ({
      ...toIncident(row),
      ...{ lastFiredAt: row.last_fired_at, alertKeys: row.alert_keys, kinds: row.kinds },
    }),
  );

/** Incidents of all schools that are not over, and those that ended since a moment. */
export function listWatchedIncidents(tx: RollupTx, endedSince: Date): Promise<WatchedIncident[]> {
  return tx.many(
    sql`select ${columns}, coalesce(max(a.last_at), i.opened_at) as last_fired_at,
        coalesce(array_agg(a.alert_key) filter (where a.alert_key is not null), '{}') as alert_keys,
        coalesce(array_agg(distinct a.kind) filter (where a.kind is not null), '{}') as kinds
      from incident i left join incident_alert a using (tenant_id, incident_id)
      where i.state <> 'resolved' or i.resolved_at > ${endedSince}
      group by i.tenant_id, i.incident_id`,
    watchedRow,
  );
}

/** @returns false where another copy has opened one of this cause meanwhile */
export async function insertIncident(
  tx: OwnerTx,
  incidentId: IncidentId,
  incident: NewIncident,
  now: Date,
): Promise<boolean> {
  const { severity, cause, key, partner, connectionId, changeId, firstFailedAt } = incident;
  const made = await tx.exec(sql`
    insert into incident (tenant_id, incident_id, state, severity, cause, cause_key, partner, connection_id, change_id,
      first_failed_at, opened_at)
    values (${tx.tenantId}, ${incidentId}, 'open', ${severity}, ${cause}, ${key}, ${partner ?? null},
      ${connectionId ?? null}, ${changeId ?? null}, ${new Date(firstFailedAt)}, ${now})
    on conflict do nothing`);
  return made > 0;
}

/** Notes that alerts fire: new ones are added, known ones go on. */
export async function saveAlerts(
  tx: OwnerTx,
  incidentId: IncidentId,
  alerts: readonly Alert[],
  now: Date,
): Promise<void> {
  const rows = alerts.map(({ key, rule, severity, tenantId, connectionId, kind, facts }) => ({
    ...{ alert_key: key, rule, severity, kind: kind ?? null, facts },
    ...{ subject_tenant_id: tenantId ?? null, connection_id: connectionId ?? null },
  }));
  await tx.exec(sql`
    insert into incident_alert (tenant_id, incident_id, alert_key, rule, severity, subject_tenant_id, connection_id, kind,
      facts, first_at, last_at)
    select ${tx.tenantId}, ${incidentId}, alert_key, rule, severity, subject_tenant_id, connection_id, kind, facts,
      ${now}, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(alert_key text, rule text, severity text,
      subject_tenant_id uuid, connection_id uuid, kind text, facts jsonb)
    on conflict (tenant_id, incident_id, alert_key) do update
      set last_at = excluded.last_at, facts = excluded.facts, severity = excluded.severity`);
}

/** Changes what an incident that is not over says of itself. */
export async function updateIncident(
  tx: OwnerTx,
  incidentId: IncidentId,
  changes: { severity?: IncidentSeverity; recoveredAt?: Date | null; resolvedAt?: Date },
): Promise<boolean> {
  const { severity = null, recoveredAt, resolvedAt } = changes;
  const changed = await tx.exec(sql`
    update incident set severity = coalesce(${severity}, severity),
      recovered_at = case when ${recoveredAt !== undefined} then ${recoveredAt ?? null}::timestamptz else recovered_at end,
      state = case when ${resolvedAt !== undefined} then 'resolved' else state end,
      resolved_at = ${resolvedAt ?? null}::timestamptz
    where tenant_id = ${tx.tenantId} and incident_id = ${incidentId} and state <> 'resolved'`);
  return changed > 0;
}

/** @returns the incident as it is now; undefined where it is not open */
export function acknowledge(
  tx: OwnerTx,
  incidentId: IncidentId,
  by: { actor: string; at: Date },
): Promise<Incident | undefined> {
  return tx.maybeOne(
    sql`update incident i set state = 'acknowledged', acknowledged_at = ${by.at}, acknowledged_by = ${by.actor}
      where i.tenant_id = ${tx.tenantId} and i.incident_id = ${incidentId} and i.state = 'open' returning ${columns}`,
    incidentRow,
  );
}

export function findIncident(tx: OwnerTx, incidentId: IncidentId): Promise<Incident | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from incident i where i.tenant_id = ${tx.tenantId} and i.incident_id = ${incidentId}`,
    incidentRow,
  );
}

/** The newest first. */
export function listIncidents(
  tx: OwnerTx,
  { states, since, limit }: { states: readonly IncidentState[]; since: Date; limit: number },
): Promise<Incident[]> {
  return tx.many(
    sql`select ${columns} from incident i
      where i.tenant_id = ${tx.tenantId} and i.state = any (${states}::text[])
        and (i.opened_at >= ${since} or i.state <> 'resolved')
      order by i.opened_at desc, i.incident_id desc limit ${limit}`,
    incidentRow,
  );
}

const alertRow = z
  .object({
    alert_key: z.string(),
    rule: z.enum(alertRules),
    severity: z.enum(severities),
    subject_tenant_id: z.uuid().nullable(),
    connection_id: z.uuid().nullable(),
    kind: z.string().nullable(),
    facts: z.record(z.string(), z.number()),
    first_at: z.date(),
    last_at: z.date(),
  })
  .transform((row): StoredAlert => {
    const { alert_key, subject_tenant_id, connection_id, first_at, last_at, ...rest } = row;
    return {
      ...{ ...rest, key: alert_key, tenantId: subject_tenant_id, connectionId: connection_id },
      ...{ firstAt: first_at, lastAt: last_at },
    };
  });

export interface StoredAlert {
  key: string;
  rule: AlertRule;
  severity: IncidentSeverity;
  tenantId: string | null;
  connectionId: string | null;
  kind: string | null;
  facts: Record<string, number>;
  firstAt: Date;
  lastAt: Date;
}

/** In the order they first fired. */
export function listAlerts(tx: OwnerTx, incidentId: IncidentId): Promise<StoredAlert[]> {
  return tx.many(
    sql`select alert_key, rule, severity, subject_tenant_id, connection_id, kind, facts, first_at, last_at
      from incident_alert where tenant_id = ${tx.tenantId} and incident_id = ${incidentId} order by first_at, alert_key`,
    alertRow,
  );
}

/** Whether an incident is the hub's own, rather than one school's. */
export function isOfHub({ tenantId }: { tenantId: string }): boolean {
  return tenantId === HUB_TENANT;
}
