import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { findNames, type PersonNames } from './name-store.ts';

export type { PersonNames } from './name-store.ts';

/** What a person is called: to greet them, and for launches in which no roster names them. Empty where nothing is known. */
export async function readNames(tx: TenantTx, personId: PersonId): Promise<Partial<PersonNames>> {
  return (await findNames(tx, personId)) ?? {};
}
