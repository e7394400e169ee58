import type { CallInput } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';

type Query = NonNullable<CallInput<'listIncidents'>['query']>;

/** Incidents of one institution; where none is named, those of several and of the hub itself. */
export function useIncidents(slug: string | undefined, query: Query) {
  const every = 30_000;
  const hub = useRead('listHubIncidents', { query }, { enabled: slug === undefined, every, keep: true });
  const input = { params: { slug: slug ?? '' }, query };
  const own = useRead('listIncidents', input, { enabled: slug !== undefined, every, keep: true });
  return slug === undefined ? hub : own;
}

/** One incident with its alerts. */
export function useIncident(slug: string | undefined, incidentId: string) {
  const hub = useRead('showHubIncident', { params: { incidentId } }, { enabled: slug === undefined });
  const input = { params: { slug: slug ?? '', incidentId } };
  const own = useRead('showIncident', input, { enabled: slug !== undefined });
  return slug === undefined ? hub : own;
}
