import type { z } from 'zod';
import type {
  listMerges,
  listReviews,
  showReview as showReviewContract,
} from '../../../contracts/http/reviews.ts';
import type { Shown } from '../../../contracts/people.ts';
import type { Merge } from '../../people/merges.ts';
import type { PersonSummary, ReviewDetails, ReviewItem } from '../../people/people.ts';

type Reply<Contract extends { reply: { schema: z.ZodType } }> = z.input<Contract['reply']['schema']>;
type ShownReview = Reply<typeof listReviews>['reviews'][number];
type ShownDetails = Reply<typeof showReviewContract>['review'];

/** An item as lists show it: ids and names of fields, nothing of what is in them. */
export function showReview({ sourcedId: _, foundAt, decidedAt, ...rest }: ReviewItem): ShownReview {
  return { ...rest, foundAt: foundAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null };
}

/** An item with both sides, and of what identifies people only what is to be shown. */
export function showReviewDetails(
  { person, other, ...item }: ReviewDetails,
  shown: readonly Shown[],
): ShownDetails {
  return {
    ...showReview(item),
    ...(shown.includes('identifiers') ? { sourcedId: item.sourcedId } : {}),
    person: showSide(person, shown),
    other: showSide(other, shown),
  };
}

function showSide(side: PersonSummary | undefined, shown: readonly Shown[]): ShownDetails['person'] {
  if (side === undefined) return null;
  const { personId, tools, name, links } = side;
  return {
    ...{ personId, tools },
    ...(shown.includes('names') ? { name } : {}),
    links: links.map(({ connectionId, kind, subject }) => ({
      ...{ connectionId, kind },
      ...(shown.includes('identifiers') ? { subject } : {}),
    })),
  };
}

/** A merge without what LMSs and rosters call the two. */
export function showMerge(merge: Merge): Reply<typeof listMerges>['merges'][number] {
  const { moved, mergedAt, undoneAt, ...rest } = merge;
  return {
    ...rest,
    mergedAt: mergedAt.toISOString(),
    undoneAt: undoneAt?.toISOString() ?? null,
    moved: {
      links: moved.links.length,
      tools: moved.tools.length,
      retired: moved.retired.length,
      lineItems: moved.lines.length,
    },
  };
}
