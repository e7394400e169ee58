import { membershipScope } from '../../../contracts/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { record } from '../claims.ts';
import { quirksOf } from '../quirks.ts';
import { addQuery } from './addresses.ts';
import { answerInvalid, toServiceError } from './call-failure.ts';
import type { LmsConnections } from './connections.ts';
import type { LmsCourse } from './gradebook.ts';
import { findNextPage } from './link-header.ts';
import { type LmsMember, readMember } from './member.ts';
import { openRegistration } from './open-registration.ts';
import { asSecureAs, jsonOf } from './pages.ts';
import type { CallService } from './service-calls.ts';

/** NRPS 2.0 §2.3. */
export const membershipsType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** What of a class list is wanted; as far as the LMS can be asked for it. */
export interface MembershipQuery {
  role?: string | undefined;
  limit?: number | undefined;
  /** The LMS's id of a link. */
  lmsResourceLinkId?: string | undefined;
  /** With the groups that each member is in (LTI Course Groups Service 1.0): only of an LMS that has said it has groups. */
  groups?: boolean | undefined;
}

export interface MembershipPage {
  members: LmsMember[];
  /** Address of the next page; undefined on the last one. */
  next: string | undefined;
}

/**
 * The hub as a tool at an LMS's class lists (NRPS 2.0).
 *
 * @throws DomainError of each: upstream `lms_unavailable` (try again), `lms_refused` (it said no; `details.status`),
 *   `lms_answer_invalid`; conflict `lms_misconfigured` (`details.reason`)
 */
export interface LmsMemberships {
  /** The first page of a course's members. What the LMS cannot be asked for is left out of the question. */
  readFirst(course: LmsCourse, membershipsUrl: string, query: MembershipQuery): Promise<MembershipPage>;
  /** A page that another one has named. @param groups as of the first */
  readNext(
    course: LmsCourse,
    membershipsUrl: string,
    next: string,
    groups?: boolean,
  ): Promise<MembershipPage>;
}

const mostOnPage = 50_000;
const deadlineMs = 30_000;

export function createLmsMemberships(services: {
  connections: LmsConnections;
  call: CallService;
  clock: Clock;
}): LmsMemberships {
  const { connections, call, clock } = services;

  async function read(
    course: LmsCourse,
    first: string,
    url: string,
    groups = false,
  ): Promise<MembershipPage> {
    const registration = await openRegistration(connections, course, 'memberships');
    const isElsewhere = (address: string) => new URL(address).origin !== new URL(first).origin;
    // The token goes where the launches say now, and nowhere else.
    if (isElsewhere(url)) throw answerInvalid(undefined, 'memberships');
    const outcome = await call(course, registration, {
      url,
      method: 'GET',
      scope: membershipScope,
      use: groups ? 'groupedMemberships' : undefined,
      accept: membershipsType,
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (outcome.kind !== 'answered' || outcome.response.status >= 300)
      throw toServiceError(outcome, 'memberships', clock.now());
    const { response } = outcome;
    const { members } = record(jsonOf(response));
    if (!Array.isArray(members)) throw answerInvalid(undefined, 'memberships');
    const next = asSecureAs(first, findNextPage(response.headers.link, url));
    // A page that names itself would go on for ever.
    if (next !== undefined && (isElsewhere(next) || next === url))
      throw answerInvalid(undefined, 'memberships');
    return { members: members.slice(0, mostOnPage).flatMap((entry) => readMember(entry) ?? []), next };
  }

  return {
    readFirst: async (course, membershipsUrl, { role, limit, lmsResourceLinkId, groups }) => {
      const { family } = await openRegistration(connections, course, 'memberships');
      const { byLink, pages } = quirksOf(family).memberships;
      const asked = {
        rlid: byLink ? lmsResourceLinkId : undefined,
        role,
        limit: pages ? limit?.toString() : undefined,
        groups: groups ? 'true' : undefined,
      };
      return read(course, membershipsUrl, addQuery(membershipsUrl, asked), groups);
    },
    readNext: read,
  };
}
