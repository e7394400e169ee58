import { z } from 'zod';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { listTenants } from '../../tenants/tenants.ts';
import { deleteEnded } from './notice-store.ts';
import { type RelayServices, relayNotices } from './relay.ts';
import { type RegisterServices, registerAtSources } from './sources.ts';

const nothing = z.strictObject({});

/** Registers the hub for notices and sends tools theirs: what is due stands in rows of our own. */
const relayDueNotices = defineQueue({
  name: 'relay_notices',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Takes out notices that ended long ago. */
const removeOldNotices = defineQueue({
  name: 'remove_old_notices',
  payload: nothing,
  policy: 'short',
  schedule: '23 3 * * *',
});

export const noticeQueues = [relayDueNotices, removeOldNotices];

/** How long an ended notice can still be looked up and, where it is dead, replayed. */
const keptMs = 90 * 86_400_000;

export type NoticeWork = RelayServices & RegisterServices;

/** What is done in the background about notices. */
export function noticeWorkers(work: NoticeWork): Worker[] {
  return [
    workOn(relayDueNotices, async (_payload, { signal }) => {
      // LMSs that take their time keep no tool waiting.
      await Promise.all([registerAtSources(work, signal), relayNotices(work, signal)]);
    }),
    workOn(removeOldNotices, async (_payload, { signal }) => {
      const before = new Date(work.clock.now() - keptMs);
      for (const { tenantId } of await listTenants(work.db.directory)) {
        if (signal.aborted) return;
        await work.db.withTenant(tenantId, (tx) => deleteEnded(tx, before));
      }
    }),
  ];
}
