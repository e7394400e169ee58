import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const row = z.object({ tenant_id: z.uuid(), connection_id: z.uuid() }).transform((found) => ({
  tenantId: found.tenant_id as TenantId,
  connectionId: found.connection_id as ConnectionId,
}));

/** The directories of every tenant that people may sign in by, for the job that looks after their sessions. */
export function listDirectoriesInUse(
  tx: RollupTx,
): Promise<{ tenantId: TenantId; connectionId: ConnectionId }[]> {
  return tx.many(
    sql`select tenant_id, connection_id from identity_source where protocol = 'ldap' and status = 'active'`,
    row,
  );
}
