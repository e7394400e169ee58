import { z } from 'zod';
import type { DeliveryId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const pageRow = z
  .object({ seen: z.number(), removed: z.number(), last: z.uuid().nullable() })
  .transform(({ last, ...rest }) => ({ ...rest, last: (last ?? undefined) as DeliveryId | undefined }));

/**
 * Goes over a page of the deliveries accepted before `endedBefore`, in the order of their ids, and takes the scores out of
 * those that ended before it. The score that the destination has last taken of a person stays: results are compared with it.
 *
 * @param after where the page before ended
 * @returns how many were seen and how many lost their score, and where the page ends
 */
export function removeScores(
  tx: TenantTx,
  input: { endedBefore: Date; after: DeliveryId | undefined; most: number },
): Promise<{ seen: number; removed: number; last: DeliveryId | undefined }> {
  const { endedBefore, after, most } = input;
  return tx.one(
    sql`
    with page as materialized (
      select d.delivery_id, d.score is not null and d.ended_at < ${endedBefore} and not exists (
          select from grade_line l where l.tenant_id = d.tenant_id and l.line_item_id = d.line_item_id
            and l.person_id = d.person_id and l.delivered_id = d.delivery_id) as past
      from grade_delivery d
      where d.tenant_id = ${tx.tenantId} and d.delivery_id < uuid_floor(${endedBefore}::timestamptz)
        ${after === undefined ? sql`` : sql`and d.delivery_id > ${after}`}
      order by d.delivery_id limit ${most}),
    removed as (
      update grade_delivery d set score = null from page
      where d.tenant_id = ${tx.tenantId} and d.delivery_id = page.delivery_id and page.past
        and d.ended_at < ${endedBefore}
      returning d.delivery_id)
    select count(*)::integer as seen, (select count(*)::integer from removed) as removed,
      max(delivery_id::text)::uuid as last
    from page`,
    pageRow,
  );
}
