import type { IncidentId, TenantId } from '../../../contracts/ids.ts';
import { type IncidentState, incidentStates } from '../../../contracts/incidents.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { addNews } from '../notifications/notification-store.ts';
import { inScope } from '../notifications/targets.ts';
import {
  acknowledge,
  findIncident,
  type Incident,
  isOfHub,
  listAlerts,
  listIncidents,
  type StoredAlert,
} from './incident-store.ts';
import { type RecoveryParts, type RecoverySummary, splitRecovery, summariseRecovery } from './recovery.ts';

export type { Incident, StoredAlert } from './incident-store.ts';

type Scopes = Pick<Database, 'withTenant' | 'withHub'>;

export interface IncidentView {
  incident: Incident;
  alerts: StoredAlert[];
  parts: RecoveryParts;
}

/**
 * The incidents of a school, or under the nil tenant those of the hub, the newest first. What is not over is among them
 * however old it is.
 */
export function readIncidents(
  db: Scopes,
  tenantId: TenantId,
  {
    states = incidentStates,
    since,
    limit,
  }: { states?: readonly IncidentState[]; since: Date; limit: number },
): Promise<Incident[]> {
  return inScope(db, tenantId, (tx) => listIncidents(tx, { states, since, limit }));
}

/** @throws DomainError not_found `incident_unknown` */
export function getIncident(db: Scopes, tenantId: TenantId, incidentId: IncidentId): Promise<IncidentView> {
  return inScope(db, tenantId, async (tx) => {
    const incident = (await findIncident(tx, incidentId)) ?? unknown();
    return { incident, alerts: await listAlerts(tx, incidentId), parts: partsOf(incident) };
  });
}

/**
 * Takes an incident: somebody looks at it.
 *
 * @throws DomainError not_found `incident_unknown`, conflict `incident_not_open`
 */
export async function acknowledgeIncident(
  db: Scopes,
  tenantId: TenantId,
  incidentId: IncidentId,
  by: ChangeBy,
): Promise<Incident> {
  const at = new Date(by.now);
  const taken = await inScope(db, tenantId, async (tx: TenantTx | HubTx) => {
    const before = (await findIncident(tx, incidentId)) ?? unknown();
    const incident = await acknowledge(tx, incidentId, { actor: by.actor, at });
    if (incident === undefined) throw notOpen(before.state);
    await addNews(tx, { tenantId, incidentId, event: 'acknowledged', severity: incident.severity }, at);
    const subject = `incident:${incidentId}`;
    const change = { announce: `tenant:${tenantId}`, action: 'incident.acknowledged', subject } as const;
    await recordChange(tx, change, by);
    return incident;
  });
  if (!isOfHub({ tenantId })) {
    const news = { tenantId, incidentId, event: 'acknowledged', severity: taken.severity } as const;
    await db.withHub((tx) => addNews(tx, news, at));
  }
  return taken;
}

/** Time to recover of incidents that ended: median and 90th of a hundred. */
export function sumRecovery(incidents: readonly Incident[]): RecoverySummary {
  return summariseRecovery(incidents.map(timesOf));
}

/** Parts of an incident's time to recover, in milliseconds. */
export function partsOf(incident: Incident): RecoveryParts {
  return splitRecovery(timesOf(incident));
}

function timesOf(incident: Incident) {
  return {
    ...{ firstFailedAt: incident.firstFailedAt.getTime(), openedAt: incident.openedAt.getTime() },
    acknowledgedAt: incident.acknowledgedAt?.getTime(),
    recoveredAt: incident.recoveredAt?.getTime(),
    resolvedAt: incident.resolvedAt?.getTime(),
  };
}

function unknown(): never {
  const message = 'There is no such incident here. List the incidents to see their ids.';
  throw new DomainError('not_found', 'incident_unknown', message);
}

function notOpen(state: IncidentState): DomainError {
  const message = `The incident is ${state} already.`;
  return new DomainError('conflict', 'incident_not_open', message, { details: { state } });
}
