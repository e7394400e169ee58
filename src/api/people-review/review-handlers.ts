import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId, MergeId, PersonId, ReviewId, TenantId } from '../../../contracts/ids.ts';
import { recordDisclosure } from '../../people/disclosure.ts';
import { readMatchRule } from '../../people/match-rule.ts';
import { listMerges, mergePeople, unmergePeople } from '../../people/merges.ts';
import {
  dismissReview,
  findMatchRule,
  getReview,
  joinReview,
  keepApart,
  listReviews,
  type ReviewDetails,
  setMatchRule,
} from '../../people/people.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import { pageOf } from '../page.ts';
import type { Handlers } from '../router.ts';
import { showMerge, showReview, showReviewDetails } from './shown.ts';

type ReviewEndpoint =
  | 'listReviews'
  | 'showReview'
  | 'discloseReview'
  | 'joinReview'
  | 'keepReviewApart'
  | 'dismissReview'
  | 'listMerges'
  | 'mergePeople'
  | 'unmergePeople'
  | 'showMatchRule'
  | 'setMatchRule';

/** What is done for the endpoints about who is one person and who is not. */
export function reviewHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, ReviewEndpoint> {
  const decide = async (
    tenantId: TenantId,
    reviewId: string,
    apply: (tx: TenantTx, reviewId: ReviewId) => Promise<ReviewDetails>,
  ) => {
    const item = await db.withTenant(tenantId, (tx) => apply(tx, reviewId as ReviewId));
    return { review: showReviewDetails(item, []) };
  };
  return {
    listReviews: async ({ tenant, query: { limit, state, reason, connectionId, after } }) => {
      const query = {
        ...{ state, reason, limit: limit + 1 },
        connectionId: connectionId as ConnectionId | undefined,
        after: after as ReviewId | undefined,
      };
      const found = await db.withTenant(tenant.tenantId, (tx) => listReviews(tx, query));
      const { rows, next } = pageOf(found, limit, ({ reviewId }) => reviewId);
      return { reviews: rows.map(showReview), next };
    },
    showReview: ({ tenant, params }) => decide(tenant.tenantId, params.reviewId, getReview),
    discloseReview: ({ tenant, params, body: { show }, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const item = await getReview(tx, params.reviewId as ReviewId);
        // In the transaction that reads it: nothing is shown that is not on record.
        await recordDisclosure(tx, { shown: show, of: [`person_review:${item.reviewId}`] }, by);
        return { review: showReviewDetails(item, show) };
      }),
    joinReview: ({ tenant, params, body: { keep, retireNames }, by }) =>
      decide(tenant.tenantId, params.reviewId, (tx, reviewId) =>
        joinReview(tx, reviewId, { keptId: keep as PersonId | undefined, retireNames }, by),
      ),
    keepReviewApart: ({ tenant, params, by }) =>
      decide(tenant.tenantId, params.reviewId, (tx, reviewId) => keepApart(tx, reviewId, by)),
    dismissReview: ({ tenant, params, by }) =>
      decide(tenant.tenantId, params.reviewId, (tx, reviewId) => dismissReview(tx, reviewId, by)),
    listMerges: async ({ tenant, query: { limit, personId, before } }) => {
      const query = {
        of: personId as PersonId | undefined,
        before: before as MergeId | undefined,
        limit: limit + 1,
      };
      const found = await db.withTenant(tenant.tenantId, (tx) => listMerges(tx, query));
      const { rows, next } = pageOf(found, limit, ({ mergeId }) => mergeId);
      return { merges: rows.map(showMerge), next };
    },
    mergePeople: async ({ tenant, body: { keep, absorb, retireNames }, by }) => {
      const request = { keptId: keep as PersonId, absorbedId: absorb as PersonId, retireNames };
      const merge = await db.withTenant(tenant.tenantId, (tx) => mergePeople(tx, request, by));
      return { merge: showMerge(merge) };
    },
    unmergePeople: async ({ tenant, params, by }) => {
      const mergeId = params.mergeId as MergeId;
      return {
        merge: showMerge(await db.withTenant(tenant.tenantId, (tx) => unmergePeople(tx, mergeId, by))),
      };
    },
    showMatchRule: async ({ tenant }) => ({
      rule: (await db.withTenant(tenant.tenantId, findMatchRule)) ?? null,
    }),
    setMatchRule: async ({ tenant, body, by }) => {
      const rule = body.rule === null ? undefined : readMatchRule(body.rule);
      return { rule: rule ?? null, ...(await setMatchRule(db, tenant.tenantId, rule, by)) };
    },
  };
}
