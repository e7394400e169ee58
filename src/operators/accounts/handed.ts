import { handedMs } from '../hands.ts';
import type { OwnerTx } from '../services.ts';
import { findNames, type HandedAccount, selectHanded } from './operator-store.ts';

/** So many accounts are told of at once. */
const mostAccounts = 100;

/**
 * Accounts whose way in was handed out lately, and whether there are more of them.
 *
 * @param now Unix milliseconds
 * @param first whose accounts come before all others; these come the latest first
 */
export async function listHanded(
  tx: OwnerTx,
  now: number,
  first: readonly string[],
): Promise<{ accounts: HandedAccount[]; more: boolean }> {
  const found = await selectHanded(tx, new Date(now - handedMs), { first, limit: mostAccounts + 1 });
  return { accounts: found.slice(0, mostAccounts), more: found.length > mostAccounts };
}

/** What those of some actors are called who have an account here that may sign in. */
export function listNames(tx: OwnerTx, actors: readonly string[]): Promise<Map<string, string>> {
  return findNames(tx, actors);
}

/** Those of some actors, in their order, who have none here: nobody of the institution. */
export async function listOutsiders(tx: OwnerTx, actors: readonly string[]): Promise<string[]> {
  const own = await findNames(tx, actors);
  return actors.filter((actor) => !own.has(actor));
}
