import { z } from 'zod';
import type { DeliveryId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { DeliveryFilter } from './delivery.ts';
import { inStates, whichDeliveries } from './delivery-store.ts';
import { outcomeOf } from './reasons.ts';
import { statesBefore } from './transition.ts';

/**
 * Up to `most` deliveries that an event may happen to, oldest first.
 *
 * @param after where the last batch ended
 */
export async function findRepairable(
  tx: TenantTx,
  event: 'replayed' | 'discarded',
  filter: DeliveryFilter,
  { most, after }: { most: number; after?: DeliveryId | undefined },
): Promise<DeliveryId[]> {
  const rows = await tx.many(
    sql`select d.delivery_id from grade_delivery d
      where d.tenant_id = ${tx.tenantId} ${inStates(statesBefore(event))} ${whichDeliveries(filter)}
        ${after === undefined ? sql`` : sql`and d.delivery_id > ${after}`}
      order by d.delivery_id limit ${most}`,
    z.object({ delivery_id: z.uuid() }),
  );
  return rows.map((row) => row.delivery_id as DeliveryId);
}

/**
 * Locks the lines of deliveries until the transaction ends, in the order of their keys, as everybody does. What follows
 * has to be a statement of its own: it then sees what others have written before they let go of these rows.
 */
export async function lockLines(tx: TenantTx, deliveryIds: readonly DeliveryId[]): Promise<void> {
  await tx.exec(sql`
    select from grade_line l
    where l.tenant_id = ${tx.tenantId} and (l.line_item_id, l.person_id) in (
      select d.line_item_id, d.person_id from grade_delivery d
      where d.tenant_id = ${tx.tenantId} and d.delivery_id = any (${deliveryIds}::uuid[]))
    order by l.line_item_id, l.person_id
    for update`);
}

export const replayVerdicts = ['replayed', 'newer_stands', 'score_removed', 'not_ended_so'] as const;
export type ReplayVerdict = (typeof replayVerdicts)[number];

const replayRow = z.object({ delivery_id: z.uuid(), verdict: z.enum(replayVerdicts) });

/**
 * Makes refused and expired deliveries wait again, but where a newer score of the same person and line item waits or has
 * arrived. Their lines, which the caller has locked, are due, and begin their tries anew.
 */
export async function reopenDeliveries(
  tx: TenantTx,
  deliveryIds: readonly DeliveryId[],
  now: Date,
): Promise<{ deliveryId: DeliveryId; verdict: ReplayVerdict }[]> {
  const { tenantId } = tx;
  const rows = await tx.many(
    sql`
    with wanted as (
      select d.delivery_id, d.line_item_id, d.person_id, d.state = any (${statesBefore('replayed')}::text[]) as fits,
        d.score is not null as kept,
        -- A newer one that was superseded was so by one that has arrived, newer still.
        l.sent_at > d.score_timestamp or exists (select from grade_delivery newer
          where newer.tenant_id = ${tenantId} and newer.line_item_id = d.line_item_id
            and newer.person_id = d.person_id and newer.ended_at is null
            and newer.score_timestamp > d.score_timestamp) as overtaken
      from grade_delivery d join grade_line l using (tenant_id, line_item_id, person_id)
      where d.tenant_id = ${tenantId} and d.delivery_id = any (${deliveryIds}::uuid[])
      -- Whoever takes scores out at this moment comes before or after.
      order by d.delivery_id for update of d),
    judged as (
      select w.*, case when not fits then 'not_ended_so' when not kept then 'score_removed'
        when overtaken then 'newer_stands' else 'replayed' end as verdict
      from wanted w),
    reopened as (
      update grade_delivery d set state = 'pending', outcome = null, reason = null, ended_at = null,
        copied = false
      from judged j
      where d.tenant_id = ${tenantId} and d.delivery_id = j.delivery_id and j.verdict = 'replayed'
      returning d.line_item_id, d.person_id),
    raised as (
      update grade_line l
      set pending = l.pending + r.count, due_at = coalesce(l.due_at, ${now}),
        tries = case when l.lease_token is null then 0 else l.tries end,
        failing_since = case when l.lease_token is null then null else l.failing_since end
      from (select line_item_id, person_id, count(*)::integer from reopened group by line_item_id, person_id) r
      where l.tenant_id = ${tenantId} and l.line_item_id = r.line_item_id and l.person_id = r.person_id)
    select delivery_id, verdict from judged`,
    replayRow,
  );
  return rows.map((row) => ({ deliveryId: row.delivery_id as DeliveryId, verdict: row.verdict }));
}

export const discardVerdicts = ['discarded', 'being_sent', 'ended_already'] as const;
export type DiscardVerdict = (typeof discardVerdicts)[number];

const discardRow = z.object({ delivery_id: z.uuid(), verdict: z.enum(discardVerdicts) });

/**
 * Ends deliveries that wait, but those of lines that a worker is sending now: it counts what it ends by what waited when
 * it began. A hold whose time is over is taken away, so that its worker, should it live, writes nothing any more; its try
 * may have arrived. The caller has locked the lines.
 */
export async function endWaitingDeliveries(
  tx: TenantTx,
  deliveryIds: readonly DeliveryId[],
  now: Date,
): Promise<{ deliveryId: DeliveryId; verdict: DiscardVerdict }[]> {
  const { tenantId } = tx;
  const rows = await tx.many(
    sql`
    with judged as (
      select d.delivery_id, d.line_item_id, d.person_id, case when d.ended_at is not null then 'ended_already'
        when l.lease_until > now() then 'being_sent' else 'discarded' end as verdict
      from grade_delivery d join grade_line l using (tenant_id, line_item_id, person_id)
      where d.tenant_id = ${tenantId} and d.delivery_id = any (${deliveryIds}::uuid[])),
    ended as (
      update grade_delivery d
      set state = 'discarded', outcome = ${outcomeOf('discarded', 'discarded')}, reason = 'discarded', ended_at = ${now}
      from judged j
      where d.tenant_id = ${tenantId} and d.delivery_id = j.delivery_id and j.verdict = 'discarded'
      returning d.line_item_id, d.person_id),
    lowered as (
      update grade_line l
      set pending = l.pending - e.count, due_at = case when l.pending = e.count then null else l.due_at end,
        lease_token = null, lease_until = null, maybe_sent = l.maybe_sent or l.lease_token is not null,
        tries = case when l.pending = e.count then 0 else l.tries end,
        failing_since = case when l.pending = e.count then null else l.failing_since end
      from (select line_item_id, person_id, count(*)::integer from ended group by line_item_id, person_id) e
      where l.tenant_id = ${tenantId} and l.line_item_id = e.line_item_id and l.person_id = e.person_id)
    select delivery_id, verdict from judged`,
    discardRow,
  );
  return rows.map((row) => ({ deliveryId: row.delivery_id as DeliveryId, verdict: row.verdict }));
}
