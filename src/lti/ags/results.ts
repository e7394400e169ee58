import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { LineItem } from '../../grades/line-item.ts';
import { isStorable } from '../claims.ts';
import type { LmsCourse, LmsResult } from '../lms/gradebook.ts';
import type { LtiServices } from '../services.ts';
import { lineItemAddress, resultsAddress } from './addresses.ts';
import { answerAs } from './answer.ts';
import { type AgsCall, callOf } from './call.ts';
import { getCalled } from './line-item.ts';
import { askLms } from './lms-failures.ts';
import { mediaType } from './media-types.ts';
import { filter, nextLink, pageQuery, parseQuery, planPage } from './paging.ts';
import { openComments } from './released-result.ts';
import { findKnownPersons, findSubjects } from './result-store.ts';

/** Results on one page at most (AGS 2.0 §3.3.6). Every page reads the LMS anew, so pages are large. */
const most = 5_000;

const query = z.object({ user_id: filter, ...pageQuery });

/** A result of somebody the tool knows. */
interface KnownResult {
  /** The tool's name for the person. */
  sub: string;
  result: LmsResult;
  scoringSub: string | undefined;
}

/**
 * GET: the results of a line item, as the LMS has them now (AGS 2.0 §3.3). Persons whom the tool has not met are left
 * out: it learns of nobody by asking for grades. Comments pass the release policy.
 */
export function readResults({
  gradebook,
  releaseSecret,
}: Pick<LtiServices, 'gradebook' | 'releaseSecret'>): RequestHandler {
  return async (request, response) => {
    const call = callOf(response);
    const asked = parseQuery(query, request.query);
    const item = await getCalled(call);
    const known = await readKnown(gradebook, call, item, asked.user_id);
    const { entries, next } = planPage(known, ({ sub }) => sub, { ...asked, most });
    const address = resultsAddress(call.place, item.lineItemId);
    if (next !== undefined) response.setHeader('Link', nextLink(address, { ...asked }, next));
    const scoreOf = lineItemAddress(call.place, item.lineItemId);
    const commentOf = await openComments(call.tx, call.toolId, releaseSecret);
    const results = entries.map((entry) => ({
      ...showResult(entry, { address, scoreOf }),
      comment: commentOf(entry.result),
    }));
    answerAs(response, mediaType.resultContainer, results);
  };
}

async function readKnown(
  gradebook: LtiServices['gradebook'],
  call: AgsCall,
  item: LineItem & LmsCourse,
  userId: string | undefined,
): Promise<KnownResult[]> {
  const results: LmsResult[] = [];
  if (userId === undefined) {
    results.push(...(await askLms(() => gradebook.readResults(item, item.lmsUrl))));
  } else {
    const persons = isStorable(userId) ? await findSubjects(call.tx, item, userId) : [];
    for (const { subject } of persons) {
      const found = await askLms(() => gradebook.readResults(item, item.lmsUrl, subject));
      // Some LMSs ignore the filter.
      results.push(...found.filter((result) => result.subject === subject));
    }
  }
  const subjects = results.flatMap(({ subject, scoringUserId }) => [subject, scoringUserId ?? subject]);
  const persons = await findKnownPersons(call.tx, item, [...new Set(subjects)].filter(isStorable));
  return decideKnown(results, new Map(persons.map(({ subject, sub }) => [subject, sub])));
}

/** Each person's result once (AGS 2.0 §3.3.6), under the tool's names; one with a score comes before one without. */
export function decideKnown(results: readonly LmsResult[], subs: ReadonlyMap<string, string>): KnownResult[] {
  const known = new Map<string, KnownResult>();
  for (const result of results) {
    const sub = subs.get(result.subject);
    if (sub === undefined || known.get(sub)?.result.resultScore !== undefined) continue;
    known.set(sub, { sub, result, scoringSub: subs.get(result.scoringUserId ?? '') });
  }
  return [...known.values()];
}

function showResult(
  { sub, result, scoringSub }: KnownResult,
  { address, scoreOf }: { address: string; scoreOf: string },
): Record<string, unknown> {
  return {
    id: `${address}/${encodeURIComponent(sub)}`,
    scoreOf,
    userId: sub,
    resultScore: result.resultScore,
    resultMaximum: result.resultMaximum,
    scoringUserId: scoringSub,
  };
}
