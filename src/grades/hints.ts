import type { ConnectionId, TenantId } from '../../contracts/ids.ts';

/** A connection that has scores to deliver. */
export interface HintedConnection {
  tenantId: TenantId;
  connectionId: ConnectionId;
}

export interface Hints {
  /** A score was accepted for this connection. Never waits, never throws. */
  tell(tenantId: TenantId, connectionId: ConnectionId): void;
}

/** Hints of one copy are at least this far apart, in milliseconds: workers look again by themselves while there is work. */
const apartMs = 100;
/** Connections named by one hint. */
export const mostHinted = 200;

/** Passes the first hint on at once, and those that follow close upon it together, each connection once. */
export function createHints(send: (connections: HintedConnection[]) => void): Hints {
  const waiting = new Map<string, HintedConnection>();
  let resting = false;

  function pass(): void {
    const connections = [...waiting.values()].slice(0, mostHinted);
    for (const { connectionId } of connections) waiting.delete(connectionId);
    resting = connections.length > 0;
    if (!resting) return;
    setTimeout(pass, apartMs).unref();
    send(connections);
  }

  return {
    tell: (tenantId, connectionId) => {
      waiting.set(connectionId, { tenantId, connectionId });
      if (!resting) pass();
    },
  };
}
