import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { defineQueue, type Worker, workOn } from '../platform/jobs/queue.ts';
import type { Drains } from './drains.ts';
import { mostHinted } from './hints.ts';

const connection = z.strictObject({
  tenantId: z.uuid().transform((id) => id as TenantId),
  connectionId: z.uuid().transform((id) => id as ConnectionId),
});

/** A hint that connections have scores to deliver. It may be lost: the sweep finds them as well. */
export const drainGrades = defineQueue({
  name: 'drain_grades',
  payload: z.strictObject({ connections: z.array(connection).min(1).max(mostHinted) }),
  expireSeconds: 60,
  keepWaitingSeconds: 3_600,
});

/** Starts the drains and gives the job back at once: a slow LMS keeps no other one's hint waiting. */
export function drainWorker(drains: Pick<Drains, 'start'>): Worker {
  return workOn(
    drainGrades,
    async ({ connections }) => {
      for (const { tenantId, connectionId } of connections) drains.start(tenantId, connectionId);
    },
    { concurrency: 2 },
  );
}
