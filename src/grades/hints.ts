import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';

export interface Hints {
  /** A score was accepted for this connection. Never waits, never throws. */
  tell(tenantId: TenantId, connectionId: ConnectionId): void;
}

/** Hints of one connection are at least this far apart: the workers look again by themselves while there is work. */
const apartMs = 100;
const mostRemembered = 10_000;

/** Passes the first hint of a connection on at once, and of those that follow close upon it one at the end. */
export function createHints(
  send: (tenantId: TenantId, connectionId: ConnectionId) => void,
  clock: Clock,
): Hints {
  const sentAt = new Map<string, number>();
  const planned = new Set<string>();

  function pass(tenantId: TenantId, connectionId: ConnectionId): void {
    planned.delete(connectionId);
    sentAt.delete(connectionId);
    sentAt.set(connectionId, clock.now());
    const oldest = sentAt.size > mostRemembered ? sentAt.keys().next() : undefined;
    if (oldest?.value !== undefined) sentAt.delete(oldest.value);
    send(tenantId, connectionId);
  }

  return {
    tell: (tenantId, connectionId) => {
      if (planned.has(connectionId)) return;
      const since = clock.now() - (sentAt.get(connectionId) ?? Number.NEGATIVE_INFINITY);
      // A clock that was set back must not silence a connection.
      if (since < 0 || since >= apartMs) return pass(tenantId, connectionId);
      planned.add(connectionId);
      setTimeout(() => pass(tenantId, connectionId), apartMs - since).unref();
    },
  };
}
