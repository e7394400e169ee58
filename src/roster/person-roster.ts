import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import {
  listPersonClasses,
  listPersonUsers,
  type PersonClass,
  type PersonUser,
} from './person-roster-store.ts';

export type { PersonClass, PersonUser } from './person-roster-store.ts';

/** What rosters say of a person. */
export interface PersonRoster {
  /** One for each roster user they are, with their roles of the day. */
  users: PersonUser[];
  /** Classes of the day, by school and title. */
  classes: PersonClass[];
}

/**
 * A person's names, roles and classes as the rosters have them today, for the portal. Whoever was merged into another is
 * found as the one that is kept; for somebody no roster knows both lists are empty.
 *
 * @param today in the institution's zone, `YYYY-MM-DD`: terms begin and end by it
 */
export async function readPersonRoster(
  tx: TenantTx,
  personId: PersonId,
  today: string,
): Promise<PersonRoster> {
  const users = await listPersonUsers(tx, personId, today);
  const classes = users.length === 0 ? [] : await listPersonClasses(tx, personId, today);
  return { users, classes };
}
