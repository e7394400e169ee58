import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { setTier } from '../../connections/tier.ts';
import { findCalendar, setCalendarZone, unknownZone } from '../../health/calendars/calendars.ts';
import type { Database } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { isZone } from '../../platform/zoned-time.ts';
import { createTenant, findTenant, updateTenant } from '../../tenants/tenants.ts';
import { pageOf } from '../page.ts';
import { readPlace, writePlace } from '../place.ts';
import type { Handlers } from '../router.ts';
import { showListed } from './shown.ts';
import { summarize } from './summary.ts';
import { listTenantPage } from './tenant-list-store.ts';
import { readCreatedAt } from './tenant-summary-store.ts';

type TenantEndpoint =
  | 'listTenants'
  | 'createTenant'
  | 'showTenant'
  | 'updateTenant'
  | 'summarizeTenant'
  | 'setConnectionTier'
  | 'rotateTenantKey';

/** What is done for the endpoints about institutions. */
export function tenantHandlers(
  db: Database,
  secrets: Pick<Secrets, 'rotateDataKey'>,
): Pick<Handlers<typeof consoleEndpoints>, TenantEndpoint> {
  const show = async (tenantId: TenantId) => {
    const tenant = await findTenant(db.directory, tenantId);
    if (tenant === undefined) throw new Error('A tenant is never taken out');
    return db.withTenant(tenantId, async (tx) => {
      const zone = (await findCalendar(tx))?.zone ?? null;
      return { tenant: { ...tenant, createdAt: (await readCreatedAt(tx)).toISOString(), zone } };
    });
  };
  return {
    listTenants: async ({ query: { limit, after, overdue, ...query }, by }) => {
      const today = new Date(by.now).toISOString().slice(0, 10);
      // One more than asked for tells whether there is a next page.
      const page = { ...query, isOverdue: overdue === 'true', limit: limit + 1, today };
      const { total, rows } = await db.withRollup((tx) =>
        listTenantPage(tx, { ...page, after: readPlace(after) }),
      );
      const shown = pageOf(rows, limit, ({ key, slug }) => writePlace({ key, id: slug }));
      return { tenants: shown.rows.map(showListed), total, next: shown.next };
    },
    createTenant: async ({ body: { slug, name, locale, zone }, by }) => {
      requireZone(zone);
      const { tenantId } = await createTenant(db, { slug, name, ...defined({ locale }) }, by);
      if (zone !== undefined) await setCalendarZone(db, tenantId, zone, by);
      return show(tenantId);
    },
    showTenant: ({ tenant }) => show(tenant.tenantId),
    updateTenant: async ({ tenant: { tenantId }, body: { name, locale, zone }, by }) => {
      requireZone(zone);
      await db.withTenant(tenantId, (tx) => updateTenant(tx, defined({ name, locale }), by));
      if (zone !== undefined) await setCalendarZone(db, tenantId, zone, by);
      return show(tenantId);
    },
    summarizeTenant: ({ tenant, by }) => summarize(db, tenant.tenantId, by.now),
    setConnectionTier: async ({ tenant, params, body: { tier }, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      await db.withTenant(tenant.tenantId, (tx) => setTier(tx, connectionId, tier, by));
      return { connectionId, tier };
    },
    rotateTenantKey: ({ tenant, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const version = await secrets.rotateDataKey(tx);
        await recordAudit(tx, { ...by, action: 'data_key.rotated', subject: `data_key:${version}` });
        return { version };
      }),
  };
}

/** Ahead of everything else: nothing is changed by half. @throws DomainError input `zone_unknown` */
function requireZone(zone: string | undefined): void {
  if (zone !== undefined && !isZone(zone)) throw unknownZone(zone);
}
