import type { ServiceTier } from '../../contracts/health.ts';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { recordConnectionChange } from './connections.ts';
import { lockTier, updateTier } from './tier-store.ts';

/**
 * Says how much rests on a connection. Exchanges from now on count there; those before stay what they were.
 *
 * @throws DomainError not_found `connection_unknown`
 */
export async function setTier(
  tx: TenantTx,
  connectionId: ConnectionId,
  tier: ServiceTier,
  by: ChangeBy,
): Promise<void> {
  const before = await lockTier(tx, connectionId);
  if (before === undefined) {
    const message = `The tenant has no connection ${connectionId}. List them with: health connections.`;
    throw new DomainError('not_found', 'connection_unknown', message);
  }
  if (before === tier) return;
  await updateTier(tx, connectionId, tier);
  const values = { before: { tier: before }, after: { tier } };
  await recordConnectionChange(tx, 'connection.tier_changed', connectionId, values, by);
}
