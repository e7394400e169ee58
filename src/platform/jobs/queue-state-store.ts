import { z } from 'zod';
import type { HubTx } from '../db.ts';
import { sql } from '../sql/sql.ts';

/** How the jobs of one queue stand. */
export interface QueueState {
  queue: string;
  /** Five cron fields, UTC; null: it is not put in by the clock. */
  schedule: string | null;
  /** Could be taken up now. */
  waiting: number;
  /** Are to be taken up later, or tried again. */
  later: number;
  active: number;
  /** Given up; kept for three days. */
  failed: number;
  /** Could have been taken up since then. */
  oldestWaiting: Date | null;
  lastDoneAt: Date | null;
  lastFailedAt: Date | null;
}

const stateRow = z
  .object({
    name: z.string(),
    cron: z.string().nullable(),
    waiting: z.number(),
    later: z.number(),
    active: z.number(),
    failed: z.number(),
    oldest_waiting: z.date().nullable(),
    last_done_at: z.date().nullable(),
    last_failed_at: z.date().nullable(),
  })
  .transform(
    ({ name, cron, oldest_waiting, last_done_at, last_failed_at, ...counts }): QueueState => ({
      ...{ queue: name, schedule: cron, ...counts },
      oldestWaiting: oldest_waiting,
      lastDoneAt: last_done_at,
      lastFailedAt: last_failed_at,
    }),
  );

/** Every queue, counted now and not as the library last did. */
export function readQueueStates(tx: HubTx): Promise<QueueState[]> {
  return tx.many(
    sql`
    with counted as (
      select name, count(*) filter (where state in ('created', 'retry') and start_after <= now())::integer as waiting,
        count(*) filter (where state in ('created', 'retry') and start_after > now())::integer as later,
        count(*) filter (where state = 'active')::integer as active,
        count(*) filter (where state = 'failed')::integer as failed,
        min(start_after) filter (where state in ('created', 'retry') and start_after <= now()) as oldest_waiting,
        max(completed_on) filter (where state = 'completed') as last_done_at,
        max(completed_on) filter (where state = 'failed') as last_failed_at
      from pgboss.job group by name)
    select q.name, s.cron, coalesce(c.waiting, 0) as waiting, coalesce(c.later, 0) as later,
      coalesce(c.active, 0) as active, coalesce(c.failed, 0) as failed, c.oldest_waiting, c.last_done_at, c.last_failed_at
    from pgboss.queue q left join counted c using (name)
    left join (select name, min(cron) as cron from pgboss.schedule group by name) s using (name)
    where q.name not like '\\_\\_%' order by q.name`,
    stateRow,
  );
}
