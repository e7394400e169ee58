import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import {
  blankPersons,
  deleteHistory,
  deleteLinks,
  deleteWaiting,
  type ErasedLink,
  lockSelves,
} from './erase-store.ts';
import { lockPeople } from './lock-store.ts';
import { deleteTombstone, insertTombstones } from './tombstone-store.ts';

export type { ErasedLink } from './erase-store.ts';

/** What the identity graph held of a person. */
export interface ErasedIdentity {
  /** Their id and those of everybody they were merged with: what other tables know them by. */
  personIds: PersonId[];
  /** Accounts that led to them. */
  links: ErasedLink[];
  reviews: number;
  merges: number;
}

/**
 * Erases a person from the identity graph: names, links, what was doubtful about them and what was merged. Only ids are left,
 * which events hold, and tombstones: by them runs know roster users again, and class lists members, whom they have to leave out.
 *
 * @param tx from `withTenant`
 * @throws DomainError not_found `person_unknown`
 */
export async function eraseIdentity(tx: TenantTx, personId: PersonId, now: Date): Promise<ErasedIdentity> {
  await lockPeople(tx);
  const personIds = await lockSelves(tx, personId);
  if (personIds.length === 0) {
    throw new DomainError('not_found', 'person_unknown', `This tenant has no person ${personId}.`);
  }
  const links = await deleteLinks(tx, personIds);
  await deleteWaiting(tx, links);
  const { reviews, merges } = await deleteHistory(tx, personIds);
  await blankPersons(tx, personIds, now);
  await insertTombstones(
    tx,
    links.filter(({ kind }) => kind === 'roster' || kind === 'lms'),
    now,
  );
  return { personIds, links, reviews, merges };
}

/**
 * Lets a roster bring somebody back who was erased, as somebody new: with the next run that reads them.
 *
 * @throws DomainError not_found `person_not_erased`
 */
export async function readmit(
  tx: TenantTx,
  user: { connectionId: ConnectionId; sourcedId: string },
  by: ChangeBy,
): Promise<void> {
  const { connectionId, sourcedId: subject } = user;
  if (!(await deleteTombstone(tx, { connectionId, subject }))) {
    const message =
      'Nobody with this sourcedId was erased from this roster. Check the roster and the sourcedId.';
    throw new DomainError('not_found', 'person_not_erased', message);
  }
  // Not by whom the source names: that would be kept for as long as the trail is.
  await recordAudit(tx, { ...by, action: 'person.readmitted', subject: `connection:${connectionId}` });
}
