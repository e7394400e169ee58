import { z } from 'zod';
import { type ServiceTier, serviceTiers } from '../../contracts/health.ts';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const tierRow = z.object({ tier: z.enum(serviceTiers) });

/** The tier of a connection; undefined where there is none. The row is locked, so that changes come one after another. */
export async function lockTier(tx: TenantTx, connectionId: ConnectionId): Promise<ServiceTier | undefined> {
  const row = await tx.maybeOne(
    sql`select tier from connection where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} for update`,
    tierRow,
  );
  return row?.tier;
}

export async function updateTier(tx: TenantTx, connectionId: ConnectionId, tier: ServiceTier): Promise<void> {
  await tx.exec(
    sql`update connection set tier = ${tier} where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
  );
}
