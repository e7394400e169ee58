import type { TenantId } from '../../contracts/ids.ts';
import type { Worker } from '../platform/jobs/queue.ts';
import { createDrains } from './drains.ts';
import { drainWorker } from './jobs.ts';
import { reviveRoutes } from './route-store.ts';
import type { DeliveryServices } from './services.ts';
import { startSweep } from './sweep.ts';

/** The delivering part of a copy that does background work. */
export interface GradeWork {
  workers: Worker[];
  /** Starts at once what this copy has accepted itself. */
  start: ReturnType<typeof createDrains>['start'];
  /** A change notification: whoever changes a tenant's settings may have mended what stopped its connections. */
  heed(topic: string): void;
  stop(timeoutMs: number): Promise<void>;
}

export function startGradeWork(services: DeliveryServices): GradeWork {
  const { db, clock, log } = services;
  const drains = createDrains(services);
  const sweep = startSweep(services, drains);
  return {
    workers: [drainWorker(drains)],
    start: drains.start,
    heed: (topic) => {
      const [kind, id] = topic.split(':');
      if (kind !== 'tenant' || id === undefined) return;
      reviveRoutes(db.tenant(id as TenantId), new Date(clock.now())).catch((error: unknown) =>
        log.warn('grades_not_revived', { tenantId: id, error }),
      );
    },
    stop: async (timeoutMs) => {
      await sweep.stop();
      await drains.stop(timeoutMs);
    },
  };
}
