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

/** How connections share a copy. */
export interface DrainLimits {
  /** Connections drained at once; further ones wait their turn. */
  mostActive: number;
  /** One that takes longer makes room while others wait, and comes to its turn again; in milliseconds. */
  turnMs: number;
}

const usualLimits: DrainLimits = { mostActive: 100, turnMs: 1_000 };

interface Turn {
  drain: Drain;
  began: number;
  ends: boolean;
}

export function createDrains(services: DeliveryServices, limits = usualLimits): Drains {
  const { mostActive, turnMs } = limits;
  const active = new Map<string, Turn>();
  const queued = new Map<string, { tenantId: TenantId; connectionId: ConnectionId }>();
  let stopped = false;

  function begin(tenantId: TenantId, connectionId: ConnectionId): void {
    const key = `${tenantId} ${connectionId}`;
    const drain = startDrain(services, tenantId, connectionId);
    active.set(key, { drain, began: performance.now(), ends: false });
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

  /** Lets those that began first end, as many as others wait: a slow LMS may keep a drain busy for ever. */
  function makeRoom(): void {
    let wanted = queued.size;
    for (const turn of active.values()) {
      if (wanted === 0 || performance.now() - turn.began < turnMs) return;
      if (!turn.ends) turn.drain.stop();
      turn.ends = true;
      wanted -= 1;
    }
  }

  return {
    start: (tenantId, connectionId) => {
      if (stopped) return;
      const key = `${tenantId} ${connectionId}`;
      const running = active.get(key);
      if (running !== undefined) running.drain.nudge();
      else if (active.size < mostActive) begin(tenantId, connectionId);
      else queued.set(key, { tenantId, connectionId });
      makeRoom();
    },
    stop: async (timeoutMs) => {
      stopped = true;
      queued.clear();
      const all = [...active.values()];
      for (const { drain } of all) drain.stop();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([Promise.allSettled(all.map(({ drain }) => drain.done)), late]);
      clearTimeout(timer);
    },
  };
}
