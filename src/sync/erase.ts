import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { deleteTraces, deleteUser, isBeingApplied, type RosterUser } from './erase-store.ts';
import { raiseBase } from './sources/source-store.ts';

/**
 * Takes users out of their rosters for good, with what belongs to them and what runs have kept of it. That they stay away is
 * the tombstones' to see to; plans made before are stale, and compared again.
 *
 * @returns how many rows of rosters there were
 * @throws DomainError conflict `roster_being_applied` where a run writes into one of the rosters at this moment
 */
export async function eraseRosterUsers(tx: TenantTx, users: readonly RosterUser[]): Promise<number> {
  // First the count, which a run that is about to begin waits for; who has begun is seen then.
  for (const connectionId of new Set(users.map((user) => user.connectionId))) {
    await raiseBase(tx, connectionId);
    if (!(await isBeingApplied(tx, connectionId))) continue;
    const message =
      'A run writes into the roster of this person at this moment. Try again when it has ended.';
    throw new DomainError('conflict', 'roster_being_applied', message);
  }
  let count = 0;
  for (const user of users) {
    const rows = await deleteUser(tx, user);
    await deleteTraces(tx, user, rows);
    count += rows.length;
  }
  return count;
}
