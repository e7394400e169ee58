import type { TimeRange } from '../../../contracts/health.ts';
import type { IncidentCause, IncidentSeverity } from '../../../contracts/incidents.ts';
import { incidentStates } from '../../../contracts/incidents.ts';
import { type Incident, listIncidents, listWatchedIncidents } from '../incidents/incident-store.ts';
import type { ReportScope } from './read-report.ts';

/** An incident and how long people took; milliseconds from its first failure on, null: not yet. */
export interface PastIncident {
  readonly openedAt: Date;
  readonly cause: IncidentCause;
  readonly severity: IncidentSeverity;
  readonly partner: string | null;
  readonly detectedMs: number;
  readonly acknowledgedMs: number | null;
  readonly recoveredMs: number | null;
}

/** Incidents that were opened in a range, the first one first. A tenant's are its own: of those that several share, the hub tells. */
export async function readPastIncidents(
  { db, tenantId, partner }: ReportScope,
  { from, to }: TimeRange,
): Promise<PastIncident[]> {
  const found: Incident[] =
    tenantId === undefined
      ? await db.withRollup((tx) => listWatchedIncidents(tx, from))
      : await db.withTenant(tenantId, (tx) =>
          listIncidents(tx, { states: incidentStates, since: from, limit: 1_000 }),
        );
  return found
    .filter(({ openedAt }) => openedAt >= from && openedAt < to)
    .filter((incident) => partner === undefined || incident.partner === partner)
    .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
    .map(({ openedAt, cause, severity, partner: of, firstFailedAt, acknowledgedAt, recoveredAt }) => {
      const since = (at: Date | null) => (at === null ? null : at.getTime() - firstFailedAt.getTime());
      return {
        ...{
          openedAt,
          cause,
          severity,
          partner: of,
          detectedMs: openedAt.getTime() - firstFailedAt.getTime(),
        },
        ...{ acknowledgedMs: since(acknowledgedAt), recoveredMs: since(recoveredAt) },
      };
    });
}
