import { z } from 'zod';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { listTenants } from '../../tenants/tenants.ts';
import { deleteEnded } from './notice-store.ts';
import { giveUpOverdue, overdue } from './overdue-store.ts';
import { noticeReasons } from './reasons.ts';
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

/** Gives up notices whose turn does not come, and takes out those that ended long ago. */
const removeOldNotices = defineQueue({
  name: 'remove_old_notices',
  payload: nothing,
  policy: 'short',
  schedule: '23 3 * * *',
});

export const noticeQueues = [relayDueNotices, removeOldNotices];

/** How long an ended notice can still be looked up and, where it is dead, replayed. */
const keptMs = 90 * 86_400_000;

/** So old a notice is given up once it has been due for a day: the tries that it is good for take three days. */
const overdueMs = 7 * 86_400_000;
const dueForMs = 86_400_000;
const mostOverdue = 10_000;

export type NoticeWork = RelayServices & RegisterServices;

/** What is done in the background about notices. */
export function noticeWorkers(work: NoticeWork): Worker[] {
  return [
    workOn(relayDueNotices, async (_payload, { signal }) => {
      // LMSs that take their time keep no tool waiting.
      await Promise.all([registerAtSources(work, signal), relayNotices(work, signal)]);
    }),
    workOn(removeOldNotices, async (_payload, { signal }) => {
      const { db, clock } = work;
      const ago = (ms: number) => new Date(clock.now() - ms);
      for (const { tenantId } of await listTenants(db.directory)) {
        if (signal.aborted) return;
        const which = {
          madeBefore: ago(overdueMs),
          dueBefore: ago(dueForMs),
          now: ago(0),
          most: mostOverdue,
        };
        const dead = await db.withTenant(tenantId, (tx) => giveUpOverdue(tx, which));
        for (const { toolId, createdAt } of dead) {
          const { outcome } = noticeReasons[overdue];
          const end = { kind: 'webhook', outcome, reason: overdue } as const;
          work.recordCall({ ...end, tenantId, toolId, startedAt: createdAt.getTime() });
        }
        await db.withTenant(tenantId, (tx) => deleteEnded(tx, ago(keptMs)));
      }
    }),
  ];
}
