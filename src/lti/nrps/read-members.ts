import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ResourceLinkId } from '../../../contracts/ids.ts';
import { defined } from '../../platform/defined.ts';
import { release } from '../../privacy/release.ts';
import { answerAs } from '../ags/answer.ts';
import { callOf } from '../ags/call.ts';
import { filter, pageQuery, parseQuery } from '../ags/paging.ts';
import { membershipsType } from '../lms/memberships.ts';
import { membershipsAddress } from './addresses.ts';
import type { PageTokens, Position } from './page-token.ts';
import { readPage } from './read-page.ts';
import { type NrpsServices, openReading, type Reading } from './reading.ts';
import { showMembers } from './show-members.ts';

const query = z.object({
  role: filter,
  rlid: z
    .union([z.uuid().transform((id) => id as ResourceLinkId), z.literal('').transform(() => undefined)])
    .optional()
    .catch('none' as ResourceLinkId),
  limit: pageQuery.limit,
  // LTI Course Groups Service 1.0: `true` asks for the groups of each member.
  groups: filter,
  page: z.string().max(8_000).optional(),
});

/**
 * GET: the members of a course, or of one of the tool's links in it, as the LMS has them now (NRPS 2.0 §2). Each is met as a
 * launch would meet them, goes under the tool's own name for them, and passes the release policy.
 */
export function readMembers(services: NrpsServices, tokens: PageTokens): RequestHandler {
  return async (request, response) => {
    const call = callOf(response);
    const { page, rlid, groups, ...asked } = parseQuery(query, request.query);
    const position: Position =
      page === undefined
        ? {
            ...defined({ ...asked, resourceLinkId: rlid, groups: groups === 'true' ? true : undefined }),
            skip: 0,
          }
        : tokens.open(call, page);
    const reading = await openReading(services, call, position);
    const { members, next } = await readPage(services, reading);
    const shown = await showMembers(services, reading, members, next === undefined);
    const links = linksOf(reading, next).map(
      ([relation, at]) =>
        `<${membershipsAddress(call.place)}?page=${tokens.seal(call, at)}>; rel="${relation}"`,
    );
    if (links.length > 0) response.setHeader('Link', links.join(', '));
    answerAs(response, membershipsType, {
      id: membershipsAddress(call.place),
      context: contextOf(reading),
      members: shown,
    });
  };
}

/** NRPS 2.0 §2.4.2, §2.4.3. Without a role a reading that is complete can be gone on from later. */
function linksOf({ position, startedAt }: Reading, next: Position | undefined): [string, Position][] {
  if (next !== undefined) return [['next', next]];
  if (position.role !== undefined) return [];
  const { limit, resourceLinkId, groups } = position;
  return [
    ['differences', { ...defined({ limit, resourceLinkId, groups }), since: startedAt.getTime(), skip: 0 }],
  ];
}

function contextOf({ call, course, shown }: Reading): Record<string, unknown> {
  const given = { 'context.label': course.label, 'context.title': course.title };
  const fields = release(shown.rules, 'roster', given, shown.key);
  return defined({
    id: call.contextId,
    label: fields['context.label'],
    title: fields['context.title'],
  });
}
