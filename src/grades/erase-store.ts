import { z } from 'zod';
import type { DeliveryId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const row = z.object({ delivery_id: z.uuid() });

/** Deliveries of persons whose score is kept, or that wait. There is no index for it: it is asked when somebody is erased. */
export async function findScores(tx: TenantTx, persons: readonly PersonId[]): Promise<DeliveryId[]> {
  const rows = await tx.many(
    sql`select delivery_id from grade_delivery
      where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[])
        and (score is not null or ended_at is null) order by delivery_id`,
    row,
  );
  return rows.map(({ delivery_id }) => delivery_id as DeliveryId);
}

/** Takes scores out of deliveries that have ended. */
export async function blankScores(tx: TenantTx, deliveryIds: readonly DeliveryId[]): Promise<number> {
  return tx.exec(sql`
    update grade_delivery set score = null
    where tenant_id = ${tx.tenantId} and delivery_id = any (${deliveryIds}::uuid[]) and ended_at is not null
      and score is not null`);
}
