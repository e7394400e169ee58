import type { Router } from 'express';
import express from 'express';
import type { LmsInside } from '../app.ts';
import { opaqueId } from '../claims.ts';
import { lineItemUrl, resultUrl } from './addresses.ts';
import { mediaTypes, scopes } from './ags.ts';
import type { LineItem, RecordedScore } from './gradebook.ts';
import { resultScore } from './gradebook.ts';
import { findPage, linkNext } from './paging.ts';
import type { ServiceCall } from './service-call.ts';
import { fail, findCalledItem, sendAs, serviceCall, takesType } from './service-call.ts';

/** What the gradebook says, for tools to read back. AGS 2.0 §3.3. */
export function resultRoutes(lms: LmsInside): Router {
  const router = express.Router();
  const path = '/api/courses/:course/lineitems/:item/lineitem/results';
  router.get(
    path,
    serviceCall(lms, [scopes.resultReadonly], (call) => {
      const { request, response } = call;
      const item = findCalledItem(lms, call);
      if (!item) return fail(response, 404, 'There is no such line item.');
      if (!takesType(request, mediaTypes.results)) return fail(response, 406, 'Accept results.');
      const asked = request.query.user_id;
      const results = lms.gradebook
        .scoresOf(item)
        .map((score) => toJson(call, item, score))
        .filter(({ userId }) => asked === undefined || userId === asked);
      const page = findPage(results, request.query, lms.pageSize);
      if (!page) return fail(response, 400, 'The limit or the page is not understood.');
      linkNext(request, response, lms.baseUrl, page.next);
      return sendAs(response, mediaTypes.results, page.entries);
    }),
  );
  return router;
}

function toJson({ place }: ServiceCall, item: LineItem, score: RecordedScore) {
  const userId = opaqueId('sub', score.personId);
  const result = resultScore(item, score);
  return {
    id: resultUrl(place, item.id, userId),
    scoreOf: lineItemUrl(place, item.id),
    userId,
    // AGS 2.0 §3.3: no score is never told as zero.
    ...(result === null ? {} : { resultScore: result, resultMaximum: item.scoreMaximum }),
    ...(score.comment ? { comment: score.comment } : {}),
    ...(score.scoringUserId === undefined ? {} : { scoringUserId: score.scoringUserId }),
  };
}
