import { type ConnectionId, newId, type ToolId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { getPolicyInForce } from '../../privacy/policies.ts';
import { type Payload, record, text } from '../claims.ts';
import { itemAddress } from '../deep-linking/addresses.ts';
import { isItemId } from '../deep-linking/content-items.ts';
import { isToolAddress, planReview } from '../deep-linking/plan-items.ts';
import { findContentItems, insertContentItems } from '../deep-linking/store.ts';
import { parseTarget } from '../inbound/target.ts';
import { isKept } from '../kept-gradebook.ts';
import type { LmsLineItem } from '../lms/gradebook.ts';
import { type SubmissionReview, submissionReview } from '../submission-review.ts';
import type { AgsCall } from './call.ts';

type ReviewCall = Pick<AgsCall, 'tx' | 'tool' | 'place'>;
type Reviewed = Pick<LmsLineItem, 'submissionReview'>;

/** Where in the tool the reviews of line items lead, by the addresses the LMS has for them. */
export type ReviewPlaces = ReadonlyMap<string, { url: string; custom: Record<string, string> }>;

/** Looks up where the reviews of line items lead; those that lead elsewhere, or to the link, are left out. */
export async function findReviewPlaces(
  { tx, tool, place }: ReviewCall,
  connectionId: ConnectionId,
  listed: readonly Reviewed[],
): Promise<ReviewPlaces> {
  const asked = new Map<string, string>();
  for (const { submissionReview: review } of listed) {
    const address = text(review?.url, 8_000);
    const target =
      address === undefined
        ? undefined
        : parseTarget(address, { baseUrl: place.baseUrl, tenantSlug: place.slug });
    if (address !== undefined && target?.toolSlug === tool.slug && isItemId(target.item))
      asked.set(address, target.item);
  }
  if (asked.size === 0) return new Map();
  const items = await findContentItems(tx, [...asked.values()]);
  const own = items.filter((item) => item.toolId === tool.toolId && item.connectionId === connectionId);
  const byId = new Map(own.map((item) => [item.itemId, item]));
  return new Map(
    [...asked].flatMap(([address, itemId]) => {
      const item = byId.get(itemId);
      return item === undefined ? [] : [[address, { url: item.url, custom: item.custom }] as const];
    }),
  );
}

/** How submissions are opened, for the tool: at an address of its own, or at the link. */
export function showReview(
  { submissionReview: review }: Reviewed,
  places: ReviewPlaces,
): Payload | undefined {
  const read = submissionReview.safeParse(review);
  if (!read.success) return undefined;
  const { reviewableStatus, label, url, custom } = read.data;
  const target = url ? places.get(url)?.url : undefined;
  return {
    reviewableStatus,
    ...(label && { label }),
    ...(target !== undefined && { url: target }),
    ...(custom && { custom }),
  };
}

/**
 * How the LMS is to open submissions, as the tool wants it: the tool's address goes under one of the hub's, since the LMS
 * knows no other tool, and without a link the LMS is told which tool is meant. One that is there for the same place stays.
 *
 * @throws DomainError input `line_item_invalid` for an address that is not the tool's
 */
export async function writeReview(
  call: ReviewCall,
  line: { connectionId: ConnectionId; address: string; hasLink: boolean; before?: Reviewed; now: number },
  wanted: SubmissionReview,
): Promise<Payload | undefined> {
  const { tx, tool, place } = call;
  const { connectionId, before, now } = line;
  if (wanted.url && !isToolAddress(wanted.url, tool)) throw outsideTool();
  // Where no LMS is behind, nobody opens submissions.
  if (isKept(line.address)) return undefined;
  const { rules } = await getPolicyInForce(tx, tool.toolId as ToolId);
  const { shown, target } = planReview(wanted, rules);
  // Not under the school's own path, which a registration of all schools does not know.
  const at = { baseUrl: place.baseUrl, tenantSlug: undefined };
  if (target === undefined) {
    return line.hasLink ? shown : { ...shown, url: `${place.baseUrl}/open/${tool.slug}` };
  }
  const present = [...(await findReviewPlaces(call, connectionId, before ? [before] : []))];
  const same = present.find(([, there]) => isSame(there, target));
  if (same !== undefined) return { ...shown, url: same[0] };
  const itemId = newId(now) as string;
  await insertContentItems(
    tx,
    [{ itemId, toolId: tool.toolId as ToolId, connectionId, ...target }],
    new Date(now),
  );
  return { ...shown, url: itemAddress(at, tool.slug, itemId) };
}

function isSame(a: { url: string; custom: object }, b: { url: string; custom: object }): boolean {
  const sorted = (custom: object) => JSON.stringify(Object.entries(record(custom)).toSorted());
  return a.url === b.url && sorted(a.custom) === sorted(b.custom);
}

function outsideTool(): DomainError {
  const message = 'This is at no host that your tool has registered. Give an address of your tool, or none.';
  return new DomainError('input', 'line_item_invalid', `submissionReview.url: ${message}`, {
    details: { issues: [{ path: 'submissionReview.url', message }] },
  });
}
