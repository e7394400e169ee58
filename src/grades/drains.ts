import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { type Drain, startDrain } from './drain.ts';
import type { DeliveryServices } from './services.ts';

/** The drains of this copy. */
export interface Drains {
  /** Delivers what is due over a connection. Returns at once; a drain that runs already looks again. */
  start(tenantId: TenantId, connectionId: ConnectionId): void;
  /** Takes no more, and waits until what was sent is written down, at most so long. */
  stop(timeoutMs: number): Promise<void>;
}

/** Connections drained at once by one copy; further ones wait their turn. */
const mostActive = 100;

export function createDrains(services: DeliveryServices): Drains {
  const active = new Map<string, Drain>();
  const queued = new Map<string, { tenantId: TenantId; connectionId: ConnectionId }>();
  let stopped = false;

  function begin(tenantId: TenantId, connectionId: ConnectionId): void {
    const key = `${tenantId} ${connectionId}`;
    const drain = startDrain(services, tenantId, connectionId);
    active.set(key, drain);
    drain.done
      .catch((error: unknown) => services.log.warn('grades_drain_failed', { tenantId, connectionId, error }))
      .finally(() => {
        active.delete(key);
        next();
      });
  }

  function next(): void {
    const [waiting] = queued;
    if (waiting === undefined || stopped) return;
    const [key, { tenantId, connectionId }] = waiting;
    queued.delete(key);
    begin(tenantId, connectionId);
  }

  return {
    start: (tenantId, connectionId) => {
      if (stopped) return;
      const key = `${tenantId} ${connectionId}`;
      const running = active.get(key);
      if (running !== undefined) running.nudge();
      else if (active.size < mostActive) begin(tenantId, connectionId);
      else queued.set(key, { tenantId, connectionId });
    },
    stop: async (timeoutMs) => {
      stopped = true;
      queued.clear();
      const all = [...active.values()];
      for (const drain of all) drain.stop();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([Promise.allSettled(all.map(({ done }) => done)), late]);
      clearTimeout(timer);
    },
  };
}
