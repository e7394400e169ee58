import type { ConnectionId } from '../../../contracts/ids.ts';
import { leadsToConsole, noteTrust } from '../../operators/school/ways.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { Guarded } from '../../sso/services.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { requireOwnOfAdmin } from '../own-scopes.ts';

interface Changer {
  /** What the caller may do by itself. */
  scopes: readonly string[];
  by: ChangeBy;
}

/**
 * Where admins sign in by a connection, whoever changes what it trusts could make it name them as one of these admins: so it
 * takes an admin's rights, or the admins' way in has to be closed first.
 *
 * @throws DomainError forbidden `scope_beyond_own`
 */
export async function requireTrustOfAdmins(
  tx: TenantTx,
  connectionId: ConnectionId,
  { scopes: own }: Pick<Changer, 'scopes'>,
): Promise<void> {
  if (await leadsToConsole(tx, connectionId)) requireOwnOfAdmin(own);
}

/**
 * The same in the transaction of the change, before which no way is opened unseen. For a while it is known who it was: they have a
 * hand in whoever comes that way, also where it is opened later.
 */
export function guardTrustOfAdmins(changer: Changer): Required<Guarded> {
  return {
    guard: async (tx, connectionId) => {
      await requireTrustOfAdmins(tx, connectionId, changer);
      await noteTrust(tx, connectionId, changer.by);
    },
  };
}
