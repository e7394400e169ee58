import type { PersonId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { blankPersons, deleteHistory, deleteLinks, deleteWaiting, lockSelves } from './erase-store.ts';
import type { LinkKey } from './linking-store.ts';
import { lockPeople } from './lock-store.ts';

/** What the identity graph held of a person. */
export interface ErasedPerson {
  /** Their id and those of everybody they were merged with: what other tables know them by. */
  personIds: PersonId[];
  /** Accounts that led to them. A roster user among them is made anew by the next linking unless the roster forgets them too. */
  links: LinkKey[];
  reviews: number;
  merges: number;
}

/**
 * Erases a person from the identity graph: names, links, what was doubtful about them and what was merged. Only ids are left,
 * which events hold. Names that tools know, sessions, roster and grades are not touched.
 *
 * @param tx from `withTenant`
 * @throws DomainError not_found `person_unknown`
 */
export async function erasePerson(tx: TenantTx, personId: PersonId, by: ChangeBy): Promise<ErasedPerson> {
  await lockPeople(tx);
  const personIds = await lockSelves(tx, personId);
  if (personIds.length === 0) {
    throw new DomainError('not_found', 'person_unknown', `This tenant has no person ${personId}.`);
  }
  const links = await deleteLinks(tx, personIds);
  await deleteWaiting(tx, links);
  const { reviews, merges } = await deleteHistory(tx, personIds);
  await blankPersons(tx, personIds, new Date(by.now));
  await recordAudit(tx, {
    ...by,
    action: 'person.erased',
    subject: `person:${personId}`,
    after: { personIds, links: links.length, reviews, merges },
  });
  return { personIds, links, reviews, merges };
}
