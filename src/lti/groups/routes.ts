import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { groupScope } from '../../../contracts/scopes.ts';
import { DomainError } from '../../platform/errors.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitBy } from '../../platform/http/rate-limit.ts';
import { forPrograms } from '../../platform/http/request-context.ts';
import { getPolicyInForce } from '../../privacy/policies.ts';
import { deriveReleaseKey } from '../../privacy/release.ts';
import { answerAs } from '../ags/answer.ts';
import { type AgsCall, authorizeCall, callOf } from '../ags/call.ts';
import { askLms } from '../ags/lms-failures.ts';
import { filter, nextLink, pageQuery, parseQuery, planPage } from '../ags/paging.ts';
import { findSubjects } from '../ags/result-store.ts';
import { isStorable } from '../claims.ts';
import { groupSetsType, groupsType, type LmsGroup } from '../lms/groups.ts';
import { createLmsTurns } from '../lms-turns.ts';
import { recordCalls } from '../recorded-calls.ts';
import type { LtiServices } from '../services.ts';
import { groupSetsAddress, groupsAddress } from './addresses.ts';
import { findGroupedCourse, type GroupedCourse } from './group-store.ts';
import { type GroupRelease, showGroup, showSet } from './shown-group.ts';

export type GroupServices = Pick<
  LtiServices,
  'groups' | 'db' | 'clock' | 'directory' | 'releaseSecret' | 'accessTokens' | 'baseUrl' | 'recordCall'
>;

const callLimit = { perSecond: 50, burst: 2_000 };
/** Every page reads the LMS anew, so pages are large. */
const most = 1_000;
const query = z.object({ user_id: filter, ...pageQuery });

/** The hub as a platform: the groups of every course (LTI Course Groups Service 1.0), for tools. */
export function createGroupsRouter(services: GroupServices): Router {
  const router = Router();
  const root = '/t/:slug/groups';
  const calls = recordCalls(services, 'nrps_call');
  const turns = createLmsTurns({ most: 8, mostWaiting: 200, longestWaitMs: 15_000 });
  router.use(root, forPrograms, neverStored, calls.begin);
  const limited = limitBy(
    { name: 'tool', clock: services.clock, ...callLimit },
    (_request, response) => `${callOf(response).tenantId} ${callOf(response).toolId}`,
    'Too many calls of your tool for this school. Try again shortly.',
  );
  const allowed = [authorizeCall(services, [groupScope]), limited];

  const readGroups: RequestHandler = async (request, response) => {
    const call = callOf(response);
    const asked = parseQuery(query, request.query);
    const course = await getCourse(call);
    const place = { ...course, tenantId: call.tenantId };
    const url = opened(course.groupsUrl);
    const inTurn = (subject?: string) =>
      turns.take(course.connectionId, () =>
        askLms(() => services.groups.readGroups(place, url, subject), 'class list'),
      );
    const found =
      asked.user_id === undefined ? await inTurn() : await ofPerson(call, course, asked.user_id, inTurn);
    const shown = await releaseFor(services, call);
    const address = groupsAddress(call.place);
    const { entries, next } = planPage(
      unique(found.map((group) => showGroup(shown, group))),
      ({ id }) => id,
      {
        ...asked,
        most,
      },
    );
    if (next !== undefined) response.setHeader('Link', nextLink(address, { ...asked }, next));
    answerAs(response, groupsType, { id: address, groups: entries });
  };

  const readSets: RequestHandler = async (request, response) => {
    const call = callOf(response);
    const asked = parseQuery(z.object(pageQuery), request.query);
    const course = await getCourse(call);
    const url = opened(course.setsUrl);
    const place = { ...course, tenantId: call.tenantId };
    const found = await turns.take(course.connectionId, () =>
      askLms(() => services.groups.readSets(place, url), 'class list'),
    );
    const shown = await releaseFor(services, call);
    const address = groupSetsAddress(call.place);
    const { entries, next } = planPage(unique(found.map((set) => showSet(shown, set))), ({ id }) => id, {
      ...asked,
      most,
    });
    if (next !== undefined) response.setHeader('Link', nextLink(address, { ...asked }, next));
    answerAs(response, groupSetsType, { id: address, sets: entries });
  };

  endpoint(router, `${root}/:contextId/groups`, { get: [...allowed, readGroups] });
  endpoint(router, `${root}/:contextId/sets`, { get: [...allowed, readSets] });
  router.use(root, calls.fail);
  return router;
}

/** Who is in which group is about people: no cache keeps it. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

async function getCourse(call: AgsCall): Promise<GroupedCourse> {
  const course = await findGroupedCourse(call.tx, call);
  if (course !== undefined) return course;
  throw new DomainError('not_found', 'context_unknown', 'Your tool has no link in such a course.');
}

function opened(url: string | null): string {
  if (url !== null) return url;
  const message = 'The LMS of this school has not opened the groups of this course.';
  throw new DomainError('forbidden', 'groups_not_granted', message);
}

/** The groups of somebody by the tool's name for them; nobody it does not know is in any. */
async function ofPerson(
  { tx, toolId }: AgsCall,
  course: GroupedCourse,
  userId: string,
  read: (subject: string) => Promise<LmsGroup[]>,
): Promise<LmsGroup[]> {
  const persons = isStorable(userId) ? await findSubjects(tx, { ...course, toolId }, userId) : [];
  const groups: LmsGroup[] = [];
  for (const { subject } of persons) groups.push(...(await read(subject)));
  return groups;
}

async function releaseFor(services: GroupServices, call: AgsCall): Promise<GroupRelease> {
  const { rules } = await getPolicyInForce(call.tx, call.toolId);
  return {
    rules,
    key: () => deriveReleaseKey(services.releaseSecret, call.tenantId, call.toolId),
    contextId: call.contextId,
  };
}

function unique<T extends { id: string }>(shown: readonly T[]): T[] {
  return [...new Map(shown.map((each) => [each.id, each])).values()];
}
