import { z } from 'zod';
import type { ResourceLinkId } from '../../../contracts/ids.ts';
import { groupScope } from '../../../contracts/scopes.ts';
import type { LinkIds } from '../../grades/line-item.ts';
import { findLinkById } from '../../grades/line-items.ts';
import { DomainError } from '../../platform/errors.ts';
import { getPolicyInForce } from '../../privacy/policies.ts';
import { deriveReleaseKey } from '../../privacy/release.ts';
import { type AgsCall, notEnabled } from '../ags/call.ts';
import type { LtiServices } from '../services.ts';
import type { Position } from './page-token.ts';
import type { Release } from './released-member.ts';
import { findListedCourse, type ListedCourse, rememberedDays, type ShownList } from './shown-store.ts';

export type NrpsServices = Pick<
  LtiServices,
  'memberships' | 'db' | 'clock' | 'directory' | 'releaseSecret' | 'accessTokens' | 'baseUrl' | 'recordCall'
>;

type OpenCourse = ListedCourse & { membershipsUrl: string };

/** One reading of a class list, as far as this call takes it. */
export interface Reading {
  call: AgsCall;
  course: OpenCourse;
  /** The link whose members are wanted; undefined: the course's. */
  link: LinkIds | undefined;
  list: ShownList;
  position: Position;
  startedAt: Date;
  shown: Release;
  /** Whether the groups of each member are shown. */
  groups: boolean;
}

/** Looks up all that a reading needs, and refuses what the tool may not read. */
export async function openReading(
  services: NrpsServices,
  call: AgsCall,
  position: Position,
): Promise<Reading> {
  const { tx, toolId, contextId, tenantId } = call;
  const course = await getCourse(call);
  const { resourceLinkId, since } = position;
  const link = resourceLinkId === undefined ? undefined : await getLink(call, resourceLinkId);
  const now = services.clock.now();
  if (since !== undefined && since < now - rememberedDays * 86_400_000) {
    throw new DomainError('input', 'query_invalid', 'page: this is too long ago. Read the whole list again.');
  }
  const { rules } = await getPolicyInForce(tx, toolId);
  const { tools } = await services.directory.setup(tenantId);
  const enabled = tools.find(({ tool }) => tool.toolId === toolId);
  if (enabled === undefined) throw notEnabled();
  return {
    call,
    course,
    link,
    list: { toolId, contextId, resourceLinkId },
    position,
    startedAt: new Date(position.startedAt ?? now),
    shown: {
      rules,
      key: () => deriveReleaseKey(services.releaseSecret, tenantId, toolId),
      custom: enabled.enablement.custom,
    },
    // Not refused without the right: a list without groups is one, too.
    groups: position.groups === true && call.scopes.includes(groupScope) && course.groupsUrl !== null,
  };
}

async function getCourse({ tx, contextId, toolId }: AgsCall): Promise<OpenCourse> {
  const course = await findListedCourse(tx, { contextId, toolId });
  if (course === undefined) {
    throw new DomainError('not_found', 'context_unknown', 'Your tool has no link in such a course.');
  }
  const { membershipsUrl } = course;
  if (membershipsUrl === null) {
    const message = 'The LMS of this school has not opened the class list of this course.';
    throw new DomainError('forbidden', 'memberships_not_granted', message);
  }
  return { ...course, membershipsUrl };
}

/** NRPS 2.0 §3.1: a link that is not this tool's is denied, and so is one that nobody knows. */
async function getLink(call: AgsCall, resourceLinkId: ResourceLinkId): Promise<LinkIds> {
  const isId = z.uuid().safeParse(resourceLinkId).success;
  const link = isId ? await findLinkById(call.tx, call, resourceLinkId) : undefined;
  if (link !== undefined) return link;
  throw new DomainError(
    'forbidden',
    'resource_link_denied',
    'rlid: this course has no such link of your tool.',
  );
}
