import { handedMs } from '../hands.ts';
import type { OwnerTx } from '../services.ts';
import { findNames, type HandedAccount, selectHanded } from './operator-store.ts';

/** Accounts whose way in was handed out lately, the latest first. @param now Unix milliseconds */
export function listHanded(tx: OwnerTx, now: number): Promise<HandedAccount[]> {
  return selectHanded(tx, new Date(now - handedMs));
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
