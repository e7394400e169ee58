import { DomainError } from '../../platform/errors.ts';
import { askLms } from '../ags/lms-failures.ts';
import type { LmsMember } from '../lms/member.ts';
import { fullRole } from '../roles.ts';
import type { Position } from './page-token.ts';
import type { NrpsServices, Reading } from './reading.ts';

/** Members on one page at most (NRPS 2.0 §2.4.2 lets the platform give fewer than asked for). */
const most = 1_000;

/** Members of one reading at most: an LMS whose pages have no end must not fill the hub with people. */
const mostOfReading = 100_000;

/** A page of the LMS, cut to what was asked for, and where to go on. */
export async function readPage(
  { memberships }: NrpsServices,
  { call, course, link, position, startedAt, shown, groups }: Reading,
): Promise<{ members: LmsMember[]; next: Position | undefined }> {
  const { url, skip, read = 0, role, limit } = position;
  const place = { ...course, tenantId: call.tenantId };
  // A tool that may not know roles must not learn them by asking for one.
  const mayAsk = shown.rules.roster?.roles === 'allow';
  const first = {
    role: role !== undefined && mayAsk ? fullRole(role) : undefined,
    limit: Math.min(limit ?? most, most),
    lmsResourceLinkId: link?.lmsResourceLinkId,
    ...(groups && { groups }),
  };
  const page = await askLms(
    () =>
      url === undefined
        ? memberships.readFirst(place, course.membershipsUrl, first)
        : memberships.readNext(place, course.membershipsUrl, url, groups),
    'class list',
  );
  const size = Math.min(limit ?? most, most);
  const members = page.members.slice(skip, skip + size);
  const rest = { ...position, startedAt: startedAt.getTime() };
  // An LMS that gives more than it was asked for is asked for the same page again.
  if (page.members.length > skip + size) return { members, next: { ...rest, skip: skip + size } };
  if (page.next === undefined) return { members, next: undefined };
  const soFar = read + Math.max(page.members.length, 1);
  if (soFar > mostOfReading) throw endless();
  return { members, next: { ...rest, url: page.next, skip: 0, read: soFar } };
}

function endless(): DomainError {
  const message = `The class list of this school’s LMS goes on beyond ${mostOfReading} members.`;
  return new DomainError('upstream', 'lms_answer_invalid', message);
}
