import { type ConnectionId, newId, type PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { findMemberRows, meetMemberRows } from './member-store.ts';

/** Somebody whom a class list of an LMS names. */
export interface Member {
  /** The LMS's name of the person, the same as in launches. */
  subject: string;
  /** Their id at the SIS, where the LMS says it. */
  claimedId: string | undefined;
  name: string | undefined;
  givenName: string | undefined;
  familyName: string | undefined;
  email: string | undefined;
}

/**
 * Meets the members of a class list as launches meet people: whoever is known stays who they are, under the names the LMS
 * has for them now; whoever is new and in a roster by the tenant's field is that person; everybody else is somebody new.
 *
 * @param tx from `withTenant`
 * @param members each subject once
 * @returns their persons by subject, without those who were erased and have not come themselves since
 */
export async function meetMembers(
  tx: TenantTx,
  connectionId: ConnectionId,
  members: readonly Member[],
  now: number,
): Promise<Map<string, PersonId>> {
  if (members.length === 0) return new Map();
  // In one order, so that two lists that are met together do not wait for each other.
  const sorted = members.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  const rows = sorted.map((member) => ({ ...member, newId: newId<PersonId>(now) }));
  const met = await meetMemberRows(tx, connectionId, rows, new Date(now));
  return new Map(met.map(({ subject, personId }) => [subject, personId]));
}

/** The persons of accounts at a connection, by subject; those that are linked to nobody yet are left out. */
export async function findMembers(
  tx: TenantTx,
  connectionId: ConnectionId,
  subjects: readonly string[],
): Promise<Map<string, PersonId>> {
  const found = await findMemberRows(tx, connectionId, subjects);
  return new Map(found.map(({ subject, personId }) => [subject, personId]));
}
