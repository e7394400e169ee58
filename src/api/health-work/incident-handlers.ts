import type { EndpointInput } from '../../../contracts/http/endpoint.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT, type IncidentId, type TenantId } from '../../../contracts/ids.ts';
import { type ChangeView, readChanges } from '../../health/changes/changes.ts';
import { deriveChanges } from '../../health/changes/derive.ts';
import {
  acknowledgeIncident,
  getIncident,
  type Incident,
  partsOf,
  readIncidents,
  sumRecovery,
} from '../../health/incidents/incidents.ts';
import { readBudgets } from '../../health/slo/levels.ts';
import type { Database } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Handlers } from '../router.ts';

type Endpoints = typeof endpoints;
type IncidentEndpoint =
  | 'listIncidents'
  | 'showIncident'
  | 'acknowledgeIncident'
  | 'listHubIncidents'
  | 'showHubIncident'
  | 'acknowledgeHubIncident'
  | 'listChanges'
  | 'showBudgets';
type ListQuery = EndpointInput<Endpoints['listIncidents']>['query'];

const dayMs = 86_400_000;

/** What is done for the endpoints about incidents, changes and budgets. Incidents of several schools are the hub's own. */
export function incidentHandlers(db: Database): Pick<Handlers<Endpoints>, IncidentEndpoint> {
  const list = async (tenantId: TenantId, { state, days, limit }: ListQuery, { now }: ChangeBy) => {
    const since = new Date(now - days * dayMs);
    const incidents = await readIncidents(db, tenantId, { since, limit, ...(state && { states: [state] }) });
    const { resolved, median = null, p90 = null } = sumRecovery(incidents);
    return { incidents: incidents.map(show), recovery: { resolved, median, p90 } };
  };
  const detail = async (tenantId: TenantId, incidentId: string) => {
    const { incident, alerts } = await getIncident(db, tenantId, incidentId as IncidentId);
    const shown = alerts.map(({ key: _key, firstAt, lastAt, ...rest }) => ({
      ...rest,
      ...{ firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() },
    }));
    return { incident: show(incident), alerts: shown };
  };
  const take = async (tenantId: TenantId, incidentId: string, by: ChangeBy) => ({
    incident: show(await acknowledgeIncident(db, tenantId, incidentId as IncidentId, by)),
  });
  return {
    listIncidents: ({ tenant, query, by }) => list(tenant.tenantId, query, by),
    showIncident: ({ tenant, params }) => detail(tenant.tenantId, params.incidentId),
    acknowledgeIncident: ({ tenant, params, by }) => take(tenant.tenantId, params.incidentId, by),
    listHubIncidents: ({ query, by }) => list(HUB_TENANT, query, by),
    showHubIncident: ({ params }) => detail(HUB_TENANT, params.incidentId),
    acknowledgeHubIncident: ({ params, by }) => take(HUB_TENANT, params.incidentId, by),
    listChanges: async ({ tenant, query, by: { now } }) => {
      await deriveChanges(db, tenant.tenantId, now);
      const since = new Date(now - query.days * dayMs);
      const { changes, rate } = await readChanges(db, tenant.tenantId, { since, now });
      return { changes: changes.map(showChange), rate };
    },
    showBudgets: ({ tenant, by }) => readBudgets(db, tenant.tenantId, by.now),
  };
}

const orNull = (at: Date | null) => at?.toISOString() ?? null;

function show(incident: Incident) {
  const { tenantId: _tenant, causeKey: _key, firstFailedAt, openedAt, ...rest } = incident;
  const { detect, acknowledge = null, mitigate = null, recover = null } = partsOf(incident);
  return {
    ...rest,
    ...{ firstFailedAt: firstFailedAt.toISOString(), openedAt: openedAt.toISOString() },
    ...{ acknowledgedAt: orNull(rest.acknowledgedAt), recoveredAt: orNull(rest.recoveredAt) },
    resolvedAt: orNull(rest.resolvedAt),
    parts: { detect, acknowledge, mitigate, recover },
  };
}

function showChange({ change, verdict, comparison }: ChangeView) {
  const { changeId, type, action, actor, connectionId, toolId, at, reverts } = change;
  return {
    ...{ changeId, type, action, actor, connectionId, toolId, at: at.toISOString(), reverts },
    ...{ failures: verdict.failures, isSettled: verdict.isSettled },
    comparison:
      comparison === undefined ? null : { ...comparison, difference: comparison.difference ?? null },
  };
}
