import { defined } from '../../platform/defined.ts';
import type { PolicyRules } from '../../privacy/policy.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Payload } from '../claims.ts';
import type { SubmissionReview } from '../submission-review.ts';
import type { ReadItem, ResourceLinkItem } from './items.ts';
import { withoutKeptBack } from './person-variables.ts';
import type { DeepLinkingSettings } from './settings.ts';

/** Where in the tool a link leads, to be kept under an id of the hub's. */
export interface KeptTarget {
  url: string;
  custom: Record<string, string>;
}

/** An item for the LMS; one that leads into the tool goes under an address of the hub's. */
export type PlannedItem = { item: Payload } | PlannedLink;

export interface PlannedLink {
  item: Payload;
  target: KeptTarget;
  /** What the LMS is told of submissions to the link's line item, and where in the tool they are seen if not at the link. */
  review?: { shown: Payload; target: KeptTarget | undefined };
}

export interface ItemPlan {
  items: PlannedItem[];
  /** How many are of a kind that the LMS does not take here. */
  left: number;
  /** The LMS takes one, and the tool sent more: the first goes on. */
  cut: boolean;
}

export type PlanResult = { ok: true; plan: ItemPlan } | { ok: false; reason: 'answer_item_outside_tool' };

type Accepts = Pick<
  DeepLinkingSettings,
  'acceptTypes' | 'acceptTargets' | 'acceptMediaTypes' | 'acceptMultiple' | 'acceptLineItem'
>;

/**
 * Decides what of an answer goes on to the LMS (Deep Linking 2.0 §4.4.1). A tool should have sent nothing that is not taken;
 * where it has, the rest still goes, and the teacher is told.
 */
export function planItems(
  items: readonly ReadItem[],
  accepts: Accepts,
  tool: Tool,
  rules: PolicyRules,
): PlanResult {
  const taken = items.filter((each) => isTaken(each, accepts));
  const cut = accepts.acceptMultiple === false && taken.length > 1;
  const planned: PlannedItem[] = [];
  for (const each of cut ? taken.slice(0, 1) : taken) {
    if (each.kind === 'known' && each.item.type === 'ltiResourceLink') {
      const { url = tool.targetLinkUri } = each.item;
      const review = each.item.lineItem?.submissionReview?.url ?? url;
      if (!isToolAddress(url, tool) || !isToolAddress(review, tool))
        return { ok: false, reason: 'answer_item_outside_tool' };
      planned.push(planLink(each.item, url, each.extensions, { accepts, tool, rules }));
    } else if (each.kind === 'known') {
      planned.push({ item: { ...each.extensions, ...presented(each.item, accepts) } });
    } else {
      planned.push({ item: each.item });
    }
  }
  return { ok: true, plan: { items: planned, left: items.length - taken.length, cut } };
}

function isTaken(each: ReadItem, { acceptTypes, acceptMediaTypes }: Accepts): boolean {
  const type = each.kind === 'known' ? each.item.type : each.type;
  if (!acceptTypes.includes(type)) return false;
  const mediaType = each.kind === 'known' && each.item.type === 'file' ? each.item.mediaType : undefined;
  return mediaType === undefined || acceptMediaTypes === undefined || fits(mediaType, acceptMediaTypes);
}

/** RFC 9110 §12.5.1, without weights: one of the ranges names the type, its kind, or all. */
function fits(mediaType: string, ranges: string): boolean {
  const essence = (text: string) => (text.split(';')[0] ?? '').trim().toLowerCase();
  const type = essence(mediaType);
  return ranges
    .split(',')
    .map(essence)
    .some((range) => range === '*/*' || range === type || range === type.replace(/\/.*$/, '/*'));
}

/** Whether an address is at one of the hosts that the tool has registered. */
export function isToolAddress(url: string, tool: Tool): boolean {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  const registered = [tool.targetLinkUri, tool.loginInitiationUrl, ...tool.redirectUris];
  return registered.some((address) => new URL(address).origin === origin);
}

function planLink(
  { url: _url, ...given }: ResourceLinkItem,
  url: string,
  extensions: Payload,
  { accepts, tool, rules }: { accepts: Accepts; tool: Tool; rules: PolicyRules },
): PlannedLink {
  const { lineItem, custom, ...item } = presented(given, accepts);
  const takesLineItem = accepts.acceptLineItem !== false;
  const { submissionReview, ...column } = lineItem ?? {};
  return {
    ...(takesLineItem && submissionReview && { review: planReview(submissionReview, rules) }),
    item: defined({
      ...extensions,
      ...item,
      // The LMS would show the hub's name where a link has none.
      title: given.title ?? tool.name,
      custom: custom && withoutKeptBack(custom, rules),
      lineItem: lineItem && takesLineItem ? column : undefined,
    }),
    // With what the LMS fills in, so that a policy that is stricter later holds for it too.
    target: { url, custom: withoutKeptBack(given.custom ?? {}, rules) },
  };
}

/** What the LMS is told of how submissions are opened, and where in the tool that leads (Submission Review 1.0). */
export function planReview(
  { url, custom, label, reviewableStatus }: SubmissionReview,
  rules: PolicyRules,
): { shown: Payload; target: KeptTarget | undefined } {
  const asked = custom ? withoutKeptBack(custom, rules) : undefined;
  return {
    shown: defined({ reviewableStatus, label: label ?? undefined, custom: asked }),
    target: url ? { url, custom: asked ?? {} } : undefined,
  };
}

/** How a thing may be shown, without the ways that the LMS does not know. */
function presented<T extends object>(item: T, { acceptTargets }: Accepts): Partial<T> & Payload {
  const entries = Object.entries(item).filter(
    ([name, value]) =>
      value !== undefined && (!['iframe', 'window', 'embed'].includes(name) || acceptTargets.includes(name)),
  );
  return Object.fromEntries(entries) as Partial<T> & Payload;
}
