import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const foundRow = z.object({ found: z.boolean() });

/** Whether a roster has a run that is not over, or had one asked for since a moment, however it ended. */
export async function hasRunSince(tx: TenantTx, connectionId: ConnectionId, since: Date): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from sync_run where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and (ended_at is null or requested_at >= ${since})) as found`,
    foundRow,
  );
  return found;
}
