import { askLms } from '../ags/lms-failures.ts';
import type { LmsMember } from '../lms/member.ts';
import { fullRole } from '../roles.ts';
import type { Position } from './page-token.ts';
import type { NrpsServices, Reading } from './reading.ts';

/** Members on one page at most (NRPS 2.0 §2.4.2 lets the platform give fewer than asked for). */
const most = 1_000;

/** A page of the LMS, cut to what was asked for, and where to go on. */
export async function readPage(
  { memberships }: NrpsServices,
  { call, course, link, position, startedAt, shown }: Reading,
): Promise<{ members: LmsMember[]; next: Position | undefined }> {
  const { url, skip, role, limit } = position;
  const place = { ...course, tenantId: call.tenantId };
  // A tool that may not know roles must not learn them by asking for one.
  const mayAsk = shown.rules.roster?.roles === 'allow';
  const first = {
    role: role !== undefined && mayAsk ? fullRole(role) : undefined,
    limit: Math.min(limit ?? most, most),
    lmsResourceLinkId: link?.lmsResourceLinkId,
  };
  const page = await askLms(
    () =>
      url === undefined
        ? memberships.readFirst(place, course.membershipsUrl, first)
        : memberships.readNext(place, course.membershipsUrl, url),
    'class list',
  );
  const size = Math.min(limit ?? most, most);
  const members = page.members.slice(skip, skip + size);
  const rest = { ...position, startedAt: startedAt.getTime() };
  // An LMS that gives more than it was asked for is asked for the same page again.
  if (page.members.length > skip + size) return { members, next: { ...rest, skip: skip + size } };
  return { members, next: page.next === undefined ? undefined : { ...rest, url: page.next, skip: 0 } };
}
