import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId, DeliveryId, TenantId } from '../../../contracts/ids.ts';
import { explainDelivery, getDelivery, listDeliveries } from '../../grades/deliveries.ts';
import { connectionUnknown, listRoutes, pauseRoute, resumeRoute } from '../../grades/pause.ts';
import { dueForComparison, listComparableConnections, listDrift } from '../../grades/reconcile.ts';
import { requestComparison } from '../../grades/reconcile-jobs.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import type { SyncServices } from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';
import { readToolSlugs } from '../tools/tool-slugs.ts';
import { completeFilter, requireConnection } from './filter.ts';
import { repairHandlers } from './repair-handlers.ts';
import { showDelivery, showDeliveryDetails, showRoute } from './shown.ts';

type GradeEndpoint =
  | 'listDeliveries'
  | 'showDelivery'
  | 'replayDeliveries'
  | 'discardDeliveries'
  | 'listGradeRoutes'
  | 'pauseGrades'
  | 'resumeGrades'
  | 'compareGrades'
  | 'listGradeDrift';

/** What is done for the endpoints about grades on their way. */
export function gradeHandlers(
  db: Database,
  jobs: Pick<SyncServices, 'enqueue'>,
): Pick<Handlers<typeof consoleEndpoints>, GradeEndpoint> {
  const turnRoute = (
    tenantId: TenantId,
    id: string,
    { now }: ChangeBy,
    apply: (tx: TenantTx, connectionId: ConnectionId) => Promise<void>,
  ) =>
    db.withTenant(tenantId, async (tx) => {
      const connectionId = id as ConnectionId;
      await apply(tx, connectionId);
      const route = (await listRoutes(tx, now)).find((each) => each.connectionId === connectionId);
      if (route === undefined) throw connectionUnknown(connectionId);
      return { route: showRoute(route) };
    });
  return {
    ...repairHandlers(db),
    listDeliveries: ({ tenant, query: { limit, state, before, ...given } }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const filter = { ...(await completeFilter(tx, given)), state };
        const page = { limit: limit + 1, before: before as DeliveryId | undefined };
        const found = await listDeliveries(tx, filter, page);
        const { rows, next } = pageOf(found, limit, ({ deliveryId }) => deliveryId);
        const slugs = await readToolSlugs(tx);
        return { deliveries: rows.map((each) => showDelivery(each, slugs)), next };
      }),
    showDelivery: ({ tenant, params }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const delivery = await getDelivery(tx, params.deliveryId as DeliveryId);
        const { advice, ...explanation } = explainDelivery(delivery);
        return {
          delivery: showDeliveryDetails(delivery, await readToolSlugs(tx)),
          explanation: { ...explanation, advice: advice ?? null },
        };
      }),
    listGradeRoutes: async ({ tenant, by }) => {
      const routes = await db.withTenant(tenant.tenantId, (tx) => listRoutes(tx, by.now));
      return { routes: routes.map(showRoute) };
    },
    pauseGrades: ({ tenant, params, body, by }) =>
      turnRoute(tenant.tenantId, params.connectionId, by, (tx, id) => pauseRoute(tx, id, body.reason, by)),
    resumeGrades: ({ tenant, params, by }) =>
      turnRoute(tenant.tenantId, params.connectionId, by, (tx, id) => resumeRoute(tx, id, by)),
    compareGrades: ({ tenant, params, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const connectionId = params.connectionId as ConnectionId;
        await requestComparison(tx, jobs, connectionId, by);
        return { connectionId };
      }),
    listGradeDrift: ({ tenant, query: { limit, ...query }, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const connectionId = query.connectionId as ConnectionId | undefined;
        await requireConnection(tx, connectionId);
        const drift = await listDrift(tx, { connectionId, limit });
        const due = await listComparableConnections(tx, dueForComparison(by.now));
        return {
          drift: drift.map(({ comparedAt, ...rest }) => ({ ...rest, comparedAt: comparedAt.toISOString() })),
          due: due.filter((each) => connectionId === undefined || each === connectionId),
        };
      }),
  };
}
