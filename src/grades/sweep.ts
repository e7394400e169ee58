import type { Drains } from './drains.ts';
import type { DeliveryServices } from './services.ts';
import { listDueConnections, recallLines } from './sweep-store.ts';

/** How often due lines are looked for, in milliseconds. */
const everyMs = 1_000;

/**
 * Finds connections with due lines once a second and starts to drain them: back-offs that are over, leases whose holder is
 * gone, scores whose hint was lost. Deliveries rest on it alone; hints only make them quicker.
 */
export function startSweep(
  { db, clock, log }: DeliveryServices,
  drains: Pick<Drains, 'start'>,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    try {
      const now = new Date(clock.now());
      const due = await db.withRollup((tx) => listDueConnections(tx, now));
      for (const { tenantId, connectionId } of due) drains.start(tenantId, connectionId);
      for (const { tenantId, connectionId } of due.filter(({ ahead }) => ahead)) {
        await recallLines(db.tenant(tenantId), connectionId, now);
      }
    } catch (error) {
      log.warn('grades_sweep_failed', { error });
    }
    if (!stopped) plan();
  }
  function plan(): void {
    timer = setTimeout(() => {
      sweeping = sweep();
    }, everyMs);
  }
  plan();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await sweeping;
    },
  };
}
