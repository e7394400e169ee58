import type { ConnectionId, TenantId, ToolId } from '../../../contracts/ids.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { findContentItem } from './store.ts';

/** Where in a tool a link leads that came by deep linking. */
export interface ContentItem {
  itemId: string;
  toolId: ToolId;
  connectionId: ConnectionId;
  url: string;
  /** Custom parameters that the tool itself has set. */
  custom: Record<string, string>;
}

/** Answers from memory where it can: what was stored once never changes. */
export interface ContentItems {
  /** @param itemId as a link says it, unchecked */
  find(tenantId: TenantId, itemId: string): Promise<ContentItem | undefined>;
}

/** Whether what a link says can be the id of an item. */
export function isItemId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

export function createContentItems({ db, clock }: { db: Database; clock: Clock }): ContentItems {
  const cache = createCache<ContentItem>({ capacity: 20_000, timeToLiveMs: 3_600_000, clock });
  return {
    find: async (tenantId, itemId) => {
      if (!isItemId(itemId)) return undefined;
      const key = `${tenantId} ${itemId}`;
      const known = cache.peek(key);
      if (known !== undefined) return known;
      const found = await findContentItem(db.tenant(tenantId), itemId);
      if (found !== undefined) cache.set(key, found);
      return found;
    },
  };
}
