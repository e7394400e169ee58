import { HUB_TENANT, type IncidentId, newId, type TenantId } from '../../../contracts/ids.ts';
import { incidentStates } from '../../../contracts/incidents.ts';
import type { HistoryTruth } from '../../health/history/truth.ts';
import {
  acknowledge,
  insertIncident,
  listIncidents,
  updateIncident,
} from '../../health/incidents/incident-store.ts';
import type { NewIncident } from '../../health/incidents/plan.ts';
import { inScope } from '../../health/notifications/targets.ts';
import type { Database } from '../../platform/db.ts';
import type { SeededWorld } from './schools.ts';

const minuteMs = 60_000;

interface ToldIncident extends NewIncident {
  openedAt: number;
  endedAt: number;
}

/** Incidents of what was planted, with the time it takes to notice each. */
function incidentsOf({ outage, certificate, release }: HistoryTruth): ToldIncident[] {
  const usual = { severity: 'page', partner: undefined, connectionId: undefined, alerts: [] } as const;
  const during = (stretch: { from: number; to: number }, detectedAfter: number) => ({
    ...{ firstFailedAt: stretch.from, openedAt: stretch.from + detectedAfter * minuteMs },
    endedAt: stretch.to + 30 * minuteMs,
  });
  const { tenantId, connectionId } = certificate;
  const told = { ...usual, changeId: undefined, isShared: true, alerts: [] };
  return [
    {
      ...{ ...told, ...during(outage, 10), tenantId: HUB_TENANT, partner: outage.partner },
      ...{ cause: 'partner', key: `partner:${outage.partner}` },
    },
    {
      ...{ ...told, ...during(certificate, 35), tenantId, connectionId, isShared: false },
      ...{ cause: 'certificate', key: `certificate:${tenantId}:${connectionId}` },
    },
    {
      ...{ ...told, ...during(release, 90), tenantId: HUB_TENANT, partner: release.partner },
      ...{ cause: 'our_change', key: `connector:${release.partner}:${release.version}` },
    },
  ];
}

/** Tells the incidents of what was planted, as they were opened, acknowledged and resolved; once. */
export async function seedIncidents(db: Database, { truth }: SeededWorld): Promise<void> {
  for (const incident of incidentsOf(truth)) {
    const { tenantId, key, openedAt, endedAt } = incident;
    await inScope(db, tenantId as TenantId, async (tx) => {
      const all = { states: incidentStates, since: new Date(0), limit: 1_000 };
      if ((await listIncidents(tx, all)).some(({ causeKey }) => causeKey === key)) return;
      const incidentId = newId<IncidentId>(openedAt);
      await insertIncident(tx, incidentId, incident, new Date(openedAt));
      await acknowledge(tx, incidentId, { actor: 'demo', at: new Date(openedAt + 7 * minuteMs) });
      await updateIncident(tx, incidentId, { recoveredAt: new Date(endedAt), resolvedAt: new Date(endedAt) });
    });
  }
}
