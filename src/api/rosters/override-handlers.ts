import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { Entity } from '../../../contracts/roster.ts';
import { recordDisclosure } from '../../people/disclosure.ts';
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

/** Whose fields tell something of a person; the others link ids, or describe schools and classes. */
const personal: ReadonlySet<Entity> = new Set(['users', 'demographics', 'results']);

/** What is done for the endpoints about fields that are set by hand. */
export function overrideHandlers(
  db: Database,
  sync: SyncServices,
): Pick<Handlers<typeof endpoints>, OverrideEndpoint> {
  return {
    listOverrides: async ({ tenant, params, may, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      const mayRead = await may('people:read');
      const overrides = await db.withTenant(tenant.tenantId, async (tx) => {
        await getRoster(tx, connectionId);
        const found = await listOverrides(tx, connectionId);
        const people = found.some(({ entity }) => personal.has(entity)) ? [`roster:${connectionId}`] : [];
        if (mayRead) await recordDisclosure(tx, { shown: ['names', 'identifiers'], of: people }, by);
        return found;
      });
      return {
        overrides: overrides.map(({ value, setAt, ...each }) => {
          const hidden = personal.has(each.entity) && !mayRead;
          return { ...each, value: hidden ? null : value, hidden, setAt: setAt.toISOString() };
        }),
      };
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
