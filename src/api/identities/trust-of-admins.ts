import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { leadsToConsole } from '../../operators/school/ways.ts';
import type { Database } from '../../platform/db.ts';
import { requireOwnOfAdmin } from '../own-scopes.ts';

/**
 * Whoever changes whom a connection trusts could come in as any admin who comes by it: that takes the rights of such an admin.
 * Otherwise close that way first.
 *
 * @param own what the caller may do by itself
 * @throws DomainError forbidden `scope_beyond_own`
 */
export async function requireTrustOfAdmins(
  db: Database,
  tenantId: TenantId,
  connectionId: ConnectionId,
  own: readonly string[],
): Promise<void> {
  if (await leadsToConsole({ db }, tenantId, connectionId)) requireOwnOfAdmin(own);
}
