import { groupScope } from '../../../contracts/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { idText, record, text } from '../claims.ts';
import { addQuery } from './addresses.ts';
import { answerInvalid, toServiceError } from './call-failure.ts';
import type { LmsConnections } from './connections.ts';
import type { LmsCourse } from './gradebook.ts';
import { openRegistration } from './open-registration.ts';
import { jsonOf, readPages } from './pages.ts';
import type { CallService } from './service-calls.ts';

/** LTI Course Groups Service 1.0. */
export const groupsType = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
export const groupSetsType = 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json';

/** A group of a course, or a set of groups, as an LMS shows it. */
export interface LmsGroup {
  /** The LMS's name of it. */
  id: string;
  name: string | undefined;
  tag: string | undefined;
  setId: string | undefined;
  isHidden: boolean;
}

/**
 * The hub as a tool at an LMS's course groups (LTI Course Groups Service 1.0).
 *
 * @throws DomainError of each: as `LmsMemberships`
 */
export interface LmsGroups {
  /** @param subject the LMS's name of the person whose groups are wanted; undefined: all */
  readGroups(course: LmsCourse, groupsUrl: string, subject?: string): Promise<LmsGroup[]>;
  readSets(course: LmsCourse, setsUrl: string): Promise<LmsGroup[]>;
}

const mostGroups = 5_000;
const deadlineMs = 30_000;

export function createLmsGroups(services: {
  connections: LmsConnections;
  call: CallService;
  clock: Clock;
}): LmsGroups {
  const { connections, call, clock } = services;

  async function read(course: LmsCourse, first: string, accept: string, list: 'groups' | 'sets') {
    const registration = await openRegistration(connections, course, 'groups');
    const signal = AbortSignal.timeout(deadlineMs);
    return readPages({
      first,
      read: readGroup,
      mostEntries: mostGroups,
      listOf: (response) => {
        const entries = record(jsonOf(response))[list];
        if (Array.isArray(entries)) return entries;
        throw answerInvalid(undefined, 'groups');
      },
      fetch: async (url) => {
        const outcome = await call(course, registration, {
          ...{ url, method: 'GET', scope: groupScope, accept, signal },
        });
        if (outcome.kind === 'answered' && outcome.response.status < 300) return outcome.response;
        throw toServiceError(outcome, 'groups', clock.now());
      },
    });
  }

  return {
    readGroups: (course, url, subject) =>
      read(course, addQuery(url, { user_id: subject }), groupsType, 'groups'),
    readSets: (course, url) => read(course, url, groupSetsType, 'sets'),
  };
}

function readGroup(entry: unknown): LmsGroup | undefined {
  const given = record(entry);
  const id = idText(given.id);
  if (id === undefined) return undefined;
  return {
    id,
    name: text(given.name, 500),
    tag: text(given.tag, 255),
    setId: idText(given.set_id),
    isHidden: given.hidden === true || given.hidden === 'true',
  };
}
