import type { LineItem, LinkIds } from '../../grades/line-item.ts';
import type { NewLineItem } from '../../grades/line-items.ts';
import type { LmsLineItem } from '../lms/gradebook.ts';
import { type CoursePlace, lineItemAddress } from './addresses.ts';
import { extensionsOf } from './line-item-body.ts';
import { type ReviewPlaces, showReview } from './review.ts';

/** A line item for a tool: the LMS's content under the hub's ids. */
export function showLineItem(
  place: CoursePlace,
  item: Pick<LineItem, 'lineItemId'>,
  lms: LmsLineItem,
  link: LinkIds | undefined,
  reviews: ReviewPlaces,
): Record<string, unknown> {
  return {
    ...extensionsOf(lms.extensions),
    id: lineItemAddress(place, item.lineItemId),
    label: lms.label,
    scoreMaximum: lms.scoreMaximum,
    resourceLinkId: link?.resourceLinkId,
    resourceId: lms.resourceId,
    tag: lms.tag,
    startDateTime: lms.startDateTime,
    endDateTime: lms.endDateTime,
    gradesReleased: lms.gradesReleased,
    submissionReview: showReview(lms, reviews),
  };
}

/** What of a course's gradebook is a tool's. */
export interface Confined {
  /** Line items of the tool that the hub has met. */
  known: { item: LineItem; lms: LmsLineItem }[];
  /** Line items at the tool's own links that it has not. */
  unmet: LmsLineItem[];
}

/**
 * Picks a tool's line items out of what the LMS shows the hub, which is often the whole course, other tools' columns and
 * the teacher's own among them: those the hub has met for this tool, and those at one of the tool's own links.
 */
export function decideShown(
  listed: readonly LmsLineItem[],
  items: readonly LineItem[],
  links: readonly LinkIds[],
): Confined {
  const byUrl = new Map(items.map((item) => [item.lmsUrl, item]));
  const own = new Set(links.map((link) => link.lmsResourceLinkId));
  const confined: Confined = { known: [], unmet: [] };
  for (const lms of new Map(listed.map((each) => [each.id, each])).values()) {
    const item = byUrl.get(lms.id);
    if (item !== undefined) confined.known.push({ item, lms });
    else if (lms.resourceLinkId !== undefined && own.has(lms.resourceLinkId)) confined.unmet.push(lms);
  }
  return confined;
}

/** The record of a line item that is met now. */
export function asMet(
  place: Omit<NewLineItem, 'lmsUrl' | 'resourceLinkId'>,
  lms: Pick<LmsLineItem, 'id'>,
  link: LinkIds | undefined,
): NewLineItem {
  const { connectionId, deploymentId, contextId, toolId } = place;
  const resourceLinkId = link?.resourceLinkId ?? null;
  return { connectionId, deploymentId, contextId, toolId, resourceLinkId, lmsUrl: lms.id };
}
