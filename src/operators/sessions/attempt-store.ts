import { z } from 'zod';
import type { HubTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/**
 * Counts a try as a failure unless the key is to wait still.
 *
 * @param delays how long is to be waited after each failure, in milliseconds
 * @returns whether the try may be made
 */
export async function takeAttempt(
  tx: HubTx,
  key: string,
  delays: readonly number[],
  { at, expiresAt }: { at: Date; expiresAt: Date },
): Promise<boolean> {
  const taken = await tx.maybeOne(
    sql`insert into operator_attempt as a (tenant_id, key, failures, blocked_until, expires_at)
      values (${tx.tenantId}, ${key}, 1, ${at}::timestamptz + (${delays}::integer[])[1] * interval '1 millisecond',
        ${expiresAt})
      on conflict (tenant_id, key) do update set
        failures = case when a.expires_at <= ${at} then 1 else a.failures + 1 end,
        blocked_until = ${at}::timestamptz + interval '1 millisecond' *
          (${delays}::integer[])[least(case when a.expires_at <= ${at} then 1 else a.failures + 1 end,
            ${delays.length}::integer)],
        expires_at = ${expiresAt}
      where a.blocked_until <= ${at}
      returning failures`,
    z.object({ failures: z.number() }),
  );
  return taken !== undefined;
}

/** Takes a try back that was none, with the wait it has brought. */
export async function giveAttemptBack(tx: HubTx, key: string, at: Date): Promise<void> {
  await tx.exec(sql`
    update operator_attempt set failures = greatest(failures - 1, 0), blocked_until = least(blocked_until, ${at})
    where tenant_id = ${tx.tenantId} and key = ${key}`);
}

export async function deleteAttempts(tx: HubTx, key: string): Promise<void> {
  await tx.exec(sql`delete from operator_attempt where tenant_id = ${tx.tenantId} and key = ${key}`);
}
