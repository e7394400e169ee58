import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { leadsToConsole, noteTrust } from '../../operators/school/ways.ts';
import type { Database } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { requireOwnOfAdmin } from '../own-scopes.ts';

/**
 * Whoever changes whom a connection trusts could come in as any admin who comes by it: that takes the rights of such an admin.
 * Otherwise close that way first. For a while it is known who it was: they have a hand in whoever comes that way.
 *
 * @param scopes what the caller may do by itself
 * @throws DomainError forbidden `scope_beyond_own`
 */
export async function requireTrustOfAdmins(
  db: Database,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { scopes: own, by }: { scopes: readonly string[]; by: ChangeBy },
): Promise<void> {
  if (!(await leadsToConsole({ db }, tenantId, connectionId))) return;
  requireOwnOfAdmin(own);
  await noteTrust({ db }, tenantId, connectionId, by);
}
