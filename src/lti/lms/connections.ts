import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { findConnection } from '../../connections/registrations.ts';
import {
  findServiceRegistration,
  type ServiceRegistration,
} from '../../connections/service-registrations.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';

/** The registrations behind connections, remembered for a short time. */
export interface LmsConnections {
  find(tenantId: TenantId, connectionId: ConnectionId): Promise<ServiceRegistration | undefined>;
  /** Whether a roster is there. Reads it each time: asked only where no registration was found. */
  isRoster(tenantId: TenantId, connectionId: ConnectionId): Promise<boolean>;
  /** Forgets what a `gatehouse_changed` notification names. */
  forget(topic: string): void;
  forgetAll(): void;
}

export function createLmsConnections({ db, clock }: { db: Database; clock: Clock }): LmsConnections {
  const cache = createCache<ServiceRegistration>({ capacity: 10_000, timeToLiveMs: 10_000, clock });
  const key = (tenantId: string, connectionId: string) => `${tenantId} ${connectionId}`;

  return {
    find: async (tenantId, connectionId) => {
      const known = cache.peek(key(tenantId, connectionId));
      if (known !== undefined) return known;
      const found = await db.withTenant(tenantId, (tx) => findServiceRegistration(tx, connectionId));
      // Only what exists is kept: what is not found may be made the next moment.
      if (found !== undefined) cache.set(key(tenantId, connectionId), found);
      return found;
    },
    isRoster: async (tenantId, connectionId) => {
      const connection = await db.withTenant(tenantId, (tx) => findConnection(tx, connectionId));
      return connection?.kind === 'roster';
    },
    // Changes are rare and reading anew is cheap, so nothing is sought out.
    forget: (topic) => {
      if (/^(tenant|hub_registration):/.test(topic)) cache.clear();
    },
    forgetAll: () => cache.clear(),
  };
}
