import type { EndpointInput } from '../../../contracts/http/endpoint.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { TenantId } from '../../../contracts/ids.ts';
import { deriveChanges } from '../../health/changes/derive.ts';
import { type Chart, readChart } from '../../health/chart/chart.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { Handlers } from '../router.ts';
import { readFilter, readRange } from './asked.ts';
import { showNumbers } from './shown.ts';

type Endpoints = typeof endpoints;
type ChartQuery = EndpointInput<Endpoints['tenantHealthChart']>['query'];

/** What is done for the endpoints that charts are drawn from. */
export function chartHandlers({
  db,
  clock,
}: {
  db: Database;
  clock: Clock;
}): Pick<Handlers<Endpoints>, 'tenantHealthChart' | 'hubHealthChart'> {
  const read = async (tenantId: TenantId | undefined, query: ChartQuery) => {
    const now = clock.now();
    // What was changed a moment ago is marked, too.
    if (tenantId !== undefined) await deriveChanges(db, tenantId, now);
    const asked = { range: readRange(query, now), step: query.step, filter: readFilter(query), now };
    return show(await readChart(tenantId === undefined ? { db } : { db, tenantId }, asked));
  };
  return {
    tenantHealthChart: ({ tenant, query }) => read(tenant.tenantId, query),
    hubHealthChart: async ({ query }) => {
      const { tenant } = query;
      const named = tenant === undefined ? undefined : await getTenantBySlug(db.directory, tenant);
      return read(named?.tenantId, query);
    },
  };
}

const between = ({ from, to }: { from: Date | number; to: Date | number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

function show({ range, step, zone, points, bands, periods, changes, incidents, isCut }: Chart) {
  return {
    ...{ ...between(range), step, zone, isCut },
    points: points.map(({ isOver, numbers, ...time }) => ({
      ...{ ...between(time), isOver, numbers: showNumbers(numbers) },
    })),
    bands: bands.map(({ kind, name, startsAt, endsAt }) => ({
      ...{ kind, name, ...between({ from: startsAt, to: endsAt }) },
    })),
    periods: periods.map(({ period, ...time }) => ({ period, ...between(time) })),
    changes: changes.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
    incidents: incidents.map(({ from, openedAt, to, ...rest }) => ({
      ...{ ...rest, from: from.toISOString(), openedAt: openedAt.toISOString() },
      to: to?.toISOString() ?? null,
    })),
  };
}
