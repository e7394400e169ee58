import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { deleteSessions } from './sessions/session-store.ts';
import { forgetPersons } from './sign-in-store.ts';

/** Ends and forgets the sessions of persons; tries to sign in no longer say whose they were. @returns how many of each */
export async function eraseSignIns(
  tx: TenantTx,
  persons: readonly PersonId[],
): Promise<{ sessions: number; signIns: number }> {
  const sessions = await deleteSessions(tx, persons);
  return { sessions, signIns: await forgetPersons(tx, persons) };
}
