import type { EndpointInput } from '../../../contracts/http/endpoint.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { TenantId } from '../../../contracts/ids.ts';
import { readGradeDelivery } from '../../health/metrics/grade-delivery.ts';
import type { HealthScope } from '../../health/metrics/health-report.ts';
import { readOverview } from '../../health/metrics/overview.ts';
import { listRowsBehind } from '../../health/metrics/rows.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { Handlers } from '../router.ts';
import { readCursor, readFilter, readGroupBy, readRange, writeCursor } from './asked.ts';
import { readFreshness } from './freshness.ts';
import { writeExchangesCsv, writeGroupsCsv } from './health-csv.ts';
import { pagesBehind, readGroups } from './reading.ts';
import { showDelivery, showExchange, showFreshness, showGroup, showOverview } from './shown.ts';

type Endpoints = typeof endpoints;
type HealthEndpoint =
  | 'hubOverview'
  | 'tenantOverview'
  | 'hubHealth'
  | 'downloadHubHealth'
  | 'hubExchanges'
  | 'downloadHubExchanges'
  | 'hubGradeDelivery'
  | 'tenantHealth'
  | 'downloadTenantHealth'
  | 'tenantExchanges'
  | 'downloadTenantExchanges'
  | 'tenantGradeDelivery'
  | 'tenantFreshness';

/** What is asked about numbers, rows and deliveries, alike of the whole hub and of one tenant. */
type OverviewQuery = EndpointInput<Endpoints['tenantOverview']>['query'];
type NumbersQuery = EndpointInput<Endpoints['tenantHealth']>['query'];
type RowsQuery = EndpointInput<Endpoints['tenantExchanges']>['query'];
type DeliveryQuery = EndpointInput<Endpoints['tenantGradeDelivery']>['query'];

const fileLimit = 1_000;

/** What is done for the endpoints about how integrations go. */
export function healthHandlers({
  db,
  clock,
}: {
  db: Database;
  clock: Clock;
}): Pick<Handlers<Endpoints>, HealthEndpoint> {
  const overview = async (scope: HealthScope, query: OverviewQuery) =>
    showOverview(await readOverview(scope, readFilter(query), clock.now()));
  const groupsOf = async (scope: HealthScope, query: NumbersQuery) => {
    const range = readRange(query, clock.now());
    const slicing = { filter: readFilter(query), groupBy: readGroupBy(query.groupBy) };
    return { range, groups: await readGroups(scope, range, slicing, query.durations !== 'false') };
  };
  const numbers = async (scope: HealthScope, query: NumbersQuery) => {
    const { range, groups } = await groupsOf(scope, query);
    return { ...show(range), groups: groups.map(showGroup) };
  };
  async function* numbersFile(scope: HealthScope, query: NumbersQuery) {
    yield* writeGroupsCsv((await groupsOf(scope, query)).groups);
  }
  const rowsOf = (query: RowsQuery) => ({
    number: query.number,
    filter: readFilter(query),
    range: readRange(query, clock.now()),
    limit: query.limit,
    ...(query.before !== undefined && { before: readCursor(query.before) }),
  });
  const rows = async (scope: HealthScope, query: RowsQuery) => {
    const asked = rowsOf(query);
    const found = await listRowsBehind(scope, asked);
    const last = found.length < asked.limit ? undefined : found.at(-1);
    const next = last === undefined ? null : writeCursor(last);
    return { ...show(asked.range), exchanges: found.map(showExchange), next };
  };
  const rowsFile = (scope: HealthScope, query: RowsQuery) =>
    writeExchangesCsv(pagesBehind(scope, { ...rowsOf(query), limit: fileLimit }));
  const delivery = async (scope: HealthScope, query: DeliveryQuery) => {
    const now = clock.now();
    const range = readRange(query, now);
    return {
      ...show(range),
      ...showDelivery(await readGradeDelivery(scope, range, readFilter(query), now)),
    };
  };
  /** The whole hub, or the one tenant that is named. */
  const hub = async ({ tenant }: { tenant?: string | undefined }): Promise<HealthScope> =>
    tenant === undefined ? { db } : { db, tenantId: (await getTenantBySlug(db.directory, tenant)).tenantId };
  const of = ({ tenantId }: { tenantId: TenantId }): HealthScope => ({ db, tenantId });
  return {
    hubOverview: async ({ query }) => overview(await hub(query), query),
    hubHealth: async ({ query }) => numbers(await hub(query), query),
    downloadHubHealth: async ({ query }) => numbersFile(await hub(query), query),
    hubExchanges: async ({ query }) => rows(await hub(query), query),
    downloadHubExchanges: async ({ query }) => rowsFile(await hub(query), query),
    hubGradeDelivery: async ({ query }) => delivery(await hub(query), query),
    tenantOverview: ({ tenant, query }) => overview(of(tenant), query),
    tenantHealth: ({ tenant, query }) => numbers(of(tenant), query),
    downloadTenantHealth: ({ tenant, query }) => numbersFile(of(tenant), query),
    tenantExchanges: ({ tenant, query }) => rows(of(tenant), query),
    downloadTenantExchanges: ({ tenant, query }) => rowsFile(of(tenant), query),
    tenantGradeDelivery: ({ tenant, query }) => delivery(of(tenant), query),
    tenantFreshness: async ({ tenant: { tenantId } }) => ({
      rosters: (await readFreshness(db, tenantId, clock.now())).map(showFreshness),
    }),
  };
}

function show({ from, to }: { from: Date; to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() };
}
