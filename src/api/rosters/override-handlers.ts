import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import {
  clearOverride,
  getRoster,
  listOverrides,
  overrideField,
  type SyncServices,
} from '../../sync/sync.ts';
import type { Handlers } from '../router.ts';

type OverrideEndpoint = 'listOverrides' | 'overrideField' | 'clearOverride';

/** What is done for the endpoints about fields that are set by hand. */
export function overrideHandlers(
  db: Database,
  sync: SyncServices,
): Pick<Handlers<typeof endpoints>, OverrideEndpoint> {
  return {
    listOverrides: async ({ tenant, params }) => {
      const connectionId = params.connectionId as ConnectionId;
      const overrides = await db.withTenant(tenant.tenantId, async (tx) => {
        await getRoster(tx, connectionId);
        return listOverrides(tx, connectionId);
      });
      return { overrides: overrides.map((each) => ({ ...each, setAt: each.setAt.toISOString() })) };
    },
    overrideField: async ({ tenant, params, body: { reason: _reason, ...field }, by }) => {
      await overrideField(sync, tenant.tenantId, params.connectionId as ConnectionId, field, by);
      return field;
    },
    clearOverride: async ({ tenant, params, query: { reason: _reason, ...field }, by }) => {
      await clearOverride(sync, tenant.tenantId, params.connectionId as ConnectionId, field, by);
      return field;
    },
  };
}
