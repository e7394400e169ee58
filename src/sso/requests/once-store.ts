import { createHash } from 'node:crypto';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** What may be used one time only: an assertion, a logout request, a back-channel logout token. */
export interface OneTime {
  connectionId: ConnectionId;
  kind: 'assertion' | 'logout' | 'logout_token';
  /** The other side's id of it, of any length. */
  id: string;
  /** Until when it could be accepted at all, skew included. */
  expiresAt: Date;
}

/**
 * Uses it up, in one statement; it holds on several copies and over restarts.
 *
 * @returns false when it was used before
 */
export async function useOnce(
  tx: TenantTx | HubTx,
  { connectionId, kind, id, expiresAt }: OneTime,
): Promise<boolean> {
  const hash = createHash('sha256').update(id).digest();
  const used = await tx.exec(sql`
    insert into used_once (tenant_id, connection_id, kind, id_hash, expires_at)
    values (${tx.tenantId}, ${connectionId}, ${kind}, ${hash}, ${expiresAt}) on conflict do nothing`);
  return used === 1;
}
