import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { type ClassMember, listClassMembers } from '../roster/class-members.ts';
import { classOf, isKept } from './kept-gradebook.ts';
import type { LmsCourse } from './lms/gradebook.ts';
import type { LmsMember } from './lms/member.ts';
import type { LmsMemberships, MembershipPage } from './lms/memberships.ts';
import { classRoles } from './roles.ts';

/** Members on one page at most. */
const most = 1_000;

/** Class lists of classes that no LMS keeps, from the roster they come from. */
export function createRosterMemberships({ db, clock }: { db: Database; clock: Clock }): LmsMemberships {
  async function read(
    course: LmsCourse,
    address: string,
    after: string,
    limit: number,
  ): Promise<MembershipPage> {
    const { tenantId, connectionId } = course;
    const place = { connectionId, classId: classOf(address) };
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    // One more tells whether another page follows.
    const found = await listClassMembers(db.tenant(tenantId), place, { after, limit: limit + 1, today });
    const last = found.at(limit - 1);
    const hasMore = found.length > limit && last !== undefined;
    return {
      members: found.slice(0, limit).map(toMember),
      next: hasMore ? `${address}#${limit} ${last.sourcedId}` : undefined,
    };
  }

  return {
    readFirst: (course, address, { limit }) => read(course, address, '', Math.min(limit ?? most, most)),
    readNext: (course, address, next) => {
      const [, limit = most, after = ''] = /#(\d+) (.*)$/s.exec(next) ?? [];
      return read(course, address, after, Number(limit));
    },
  };
}

/** Asks the roster about the hub's own addresses, and LMSs about all others. */
export function withRosterMemberships(lms: LmsMemberships, roster: LmsMemberships): LmsMemberships {
  const whose = (address: string) => (isKept(address) ? roster : lms);
  return {
    readFirst: (course, address, query) => whose(address).readFirst(course, address, query),
    readNext: (course, address, next, groups) => whose(address).readNext(course, address, next, groups),
  };
}

function toMember({ sourcedId, isEnabled, givenName, familyName, email, roles }: ClassMember): LmsMember {
  const name = [givenName, familyName].filter((part) => part !== null && part !== '').join(' ');
  return {
    subject: sourcedId,
    state: isEnabled ? 'Active' : 'Inactive',
    roles: [...new Set(roles.flatMap(classRoles))],
    name: name === '' ? undefined : name,
    givenName: givenName ?? undefined,
    familyName: familyName ?? undefined,
    email: email ?? undefined,
    picture: undefined,
    personSourcedId: sourcedId,
    custom: {},
  };
}
