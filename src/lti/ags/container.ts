import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ResourceLinkId } from '../../../contracts/ids.ts';
import type { Course, LinkIds } from '../../grades/line-item.ts';
import {
  findLinkById,
  findLinksByLmsId,
  getCourse,
  listLineItems,
  meetLineItems,
} from '../../grades/line-items.ts';
import { DomainError } from '../../platform/errors.ts';
import { isStorable } from '../claims.ts';
import type { LmsLineItem } from '../lms/gradebook.ts';
import type { LtiServices } from '../services.ts';
import { lineItemsAddress } from './addresses.ts';
import { answerAs } from './answer.ts';
import { type AgsCall, callOf } from './call.ts';
import { contentOf, parseNewLineItem } from './line-item-body.ts';
import { askLms, statusOf } from './lms-failures.ts';
import { mediaType } from './media-types.ts';
import { filter, nextLink, pageQuery, parseQuery, planPage } from './paging.ts';
import { findReviewPlaces, writeReview } from './review.ts';
import { asMet, decideShown, showLineItem } from './shown-line-item.ts';

/** Line items on one page at most: AGS 2.0 §3.2.4 lets the platform give fewer than asked for. */
const most = 1_000;

const query = z.object({ resource_link_id: filter, resource_id: filter, tag: filter, ...pageQuery });

type Asked = z.output<typeof query>;
type Services = Pick<LtiServices, 'gradebook' | 'clock'>;

/** A course whose gradebook the hub can reach, and whose links and items are meant. */
type OpenCourse = Course & { lineItemsUrl: string } & Pick<AgsCall, 'contextId' | 'toolId' | 'tenantId'>;

/** GET: the tool's line items of the course, as the LMS has them now (AGS 2.0 §3.2.4). */
export function listContainer(services: Services): RequestHandler {
  return async (request, response) => {
    const call = callOf(response);
    const asked = parseQuery(query, request.query);
    const course = await getOpenCourse(call);
    const shown = await readShown(services, call, course, asked);
    const { entries, next } = planPage(shown, ({ item }) => item.lineItemId, { ...asked, most });
    if (next !== undefined)
      response.setHeader('Link', nextLink(lineItemsAddress(call.place), { ...asked }, next));
    const listed = entries.map(({ lms }) => lms);
    const reviews = await findReviewPlaces(call, course.connectionId, listed);
    const container = entries.map(({ item, lms, link }) =>
      showLineItem(call.place, item, lms, link, reviews),
    );
    answerAs(response, mediaType.lineItemContainer, container);
  };
}

async function readShown({ gradebook, clock }: Services, call: AgsCall, course: OpenCourse, asked: Asked) {
  const wantedLink = await findWantedLink(call, course, asked.resource_link_id);
  if (wantedLink === 'none') return [];
  const listed = await askLms(() =>
    gradebook.listLineItems(course, course.lineItemsUrl, {
      ...(wantedLink && { resourceLinkId: wantedLink.lmsResourceLinkId }),
      ...(asked.resource_id !== undefined && { resourceId: asked.resource_id }),
      ...(asked.tag !== undefined && { tag: asked.tag }),
    }),
  );
  // Some LMSs ignore filters. All of those given must hold (AGS 2.0 §3.2.4).
  const matching = listed.filter(
    (lms) =>
      isStorable(lms.id) &&
      (wantedLink === undefined || lms.resourceLinkId === wantedLink.lmsResourceLinkId) &&
      (asked.resource_id === undefined || lms.resourceId === asked.resource_id) &&
      (asked.tag === undefined || lms.tag === asked.tag),
  );
  const links = await findLinksByLmsId(call.tx, course, linkIdsOf(matching));
  const byLmsId = new Map(links.map((link) => [link.lmsResourceLinkId, link]));
  const linkOf = (lms: LmsLineItem) => byLmsId.get(lms.resourceLinkId ?? '');
  const { known, unmet } = decideShown(matching, await listLineItems(call.tx, call), links);
  const records = unmet.map((lms) => asMet(course, lms, linkOf(lms)));
  const met = new Map(
    (await meetLineItems(call.tx, records, clock.now())).map((item) => [item.lmsUrl, item]),
  );
  const metNow = unmet.flatMap((lms) => {
    const item = met.get(lms.id);
    return item === undefined ? [] : [{ item, lms }];
  });
  return [...known, ...metNow].map((each) => ({ ...each, link: linkOf(each.lms) }));
}

function linkIdsOf(items: readonly LmsLineItem[]): string[] {
  return [...new Set(items.flatMap(({ resourceLinkId }) => resourceLinkId ?? []))].filter(isStorable);
}

/** The tool's link that a filter names: undefined without the filter, `none` where it names no link of the tool. */
async function findWantedLink(
  call: AgsCall,
  course: OpenCourse,
  resourceLinkId: string | undefined,
): Promise<LinkIds | undefined | 'none'> {
  if (resourceLinkId === undefined) return undefined;
  return (await findLink(call, course, resourceLinkId)) ?? 'none';
}

async function findLink(
  call: AgsCall,
  course: OpenCourse,
  resourceLinkId: string,
): Promise<LinkIds | undefined> {
  if (!z.uuid().safeParse(resourceLinkId).success) return undefined;
  return findLinkById(call.tx, course, resourceLinkId as ResourceLinkId);
}

/** POST: a new line item, made at the LMS (AGS 2.0 §3.2.5). */
export function createLineItem({ gradebook, clock }: Services): RequestHandler {
  return async (request, response) => {
    const call = callOf(response);
    const body = parseNewLineItem(request.body);
    const course = await getOpenCourse(call);
    const link = body.resourceLinkId ? await getLink(call, course, body.resourceLinkId) : undefined;
    const { connectionId, lineItemsUrl } = course;
    const line = { connectionId, address: lineItemsUrl, hasLink: link !== undefined, now: clock.now() };
    const content = {
      ...contentOf(body),
      resourceLinkId: link?.lmsResourceLinkId,
      submissionReview: body.submissionReview
        ? await writeReview(call, line, body.submissionReview)
        : undefined,
    };
    const lms = await askLms(() => gradebook.createLineItem(course, lineItemsUrl, content)).catch(
      (error: unknown) => {
        // The LMS knows best which links a course has.
        throw link !== undefined && statusOf(error) === 404 ? linkUnknown(error) : error;
      },
    );
    const [item] = await meetLineItems(call.tx, [asMet(course, lms, link)], clock.now());
    if (item === undefined) throw new Error('A line item was not met');
    const reviews = await findReviewPlaces(call, connectionId, [lms]);
    const shown = showLineItem(call.place, item, lms, link, reviews);
    response.status(201).setHeader('Location', String(shown.id));
    answerAs(response, mediaType.lineItem, shown);
  };
}

/** AGS 2.0 §3.2.9: a link of this course and this tool, else 404. */
async function getLink(call: AgsCall, course: OpenCourse, resourceLinkId: string): Promise<LinkIds> {
  const link = await findLink(call, course, resourceLinkId);
  if (link === undefined) throw linkUnknown();
  return link;
}

function linkUnknown(cause?: unknown): DomainError {
  return new DomainError(
    'not_found',
    'resource_link_unknown',
    'resourceLinkId: this course has no such link of your tool.',
    cause === undefined ? {} : { cause },
  );
}

async function getOpenCourse({ tx, contextId, toolId, tenantId }: AgsCall): Promise<OpenCourse> {
  const course = await getCourse(tx, { contextId, toolId });
  const { lineItemsUrl } = course;
  if (lineItemsUrl === null) {
    throw new DomainError(
      'forbidden',
      'line_items_not_granted',
      'The LMS of this school has not opened the line items of this course.',
    );
  }
  return { ...course, lineItemsUrl, contextId, toolId, tenantId };
}
