import { z } from 'zod';
import { DomainError } from '../../../platform/errors.ts';
import type { AccessTokenSource } from './access-token.ts';

const mediaTypes = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
};

const lineItem = z.object({ label: z.string(), scoreMaximum: z.number() });
const results = z.array(
  z.object({
    userId: z.string(),
    resultScore: z.number().nullish(),
    resultMaximum: z.number().nullish(),
    comment: z.string().nullish(),
  }),
);

/** Where a launch says that grades go, and what may be done there. AGS 2.0 §3.1. */
export interface GradePlace {
  lineItem: string;
  scopes: readonly string[];
}

export interface Score {
  userId: string;
  /** Undefined: no score, and an earlier one is cleared. */
  scoreGiven: number | undefined;
  scoreMaximum: number;
  comment: string | undefined;
  timestamp: string;
}

/** What the platform answered. */
export type Answer<Value> =
  | { ok: true; status: number; value: Value }
  /** `status` 0: there was no answer. The text may be shown. */
  | { ok: false; status: number; text: string };

export type Result = z.output<typeof results>[number];

/** Assignment and Grade Services 2.0, as far as this tool uses them. Failures are answers, never thrown. */
export interface GradeService {
  readLineItem(place: GradePlace): Promise<Answer<z.output<typeof lineItem>>>;
  postScore(place: GradePlace, score: Score): Promise<Answer<undefined>>;
  /** The first page of results. @param userId only this person's */
  readResults(place: GradePlace, userId?: string): Promise<Answer<Result[]>>;
}

export function createGradeService(accessToken: AccessTokenSource, fetchService: typeof fetch): GradeService {
  async function call<Value>(
    place: GradePlace,
    url: string,
    init: { method?: string; headers: Record<string, string>; body?: string },
    read: (answer: Response) => Promise<Value>,
  ): Promise<Answer<Value>> {
    try {
      const send = async (fresh: boolean) => {
        const authorization = `Bearer ${await accessToken(place.scopes, fresh)}`;
        return fetchService(url, { ...init, headers: { ...init.headers, authorization } });
      };
      const first = await send(false);
      // RFC 6750 §3.1: a token may end early; another one is worth one try.
      const answer = first.status === 401 ? await send(true) : first;
      if (!answer.ok) return { ok: false, status: answer.status, text: await problemText(answer) };
      return { ok: true, status: answer.status, value: await read(answer) };
    } catch (error) {
      const text = error instanceof DomainError ? error.message : 'The learning platform did not answer.';
      return { ok: false, status: 0, text };
    }
  }

  return {
    readLineItem: (place) =>
      call(place, place.lineItem, { headers: { accept: mediaTypes.lineItem } }, async (answer) =>
        lineItem.parse(await answer.json()),
      ),
    postScore(place, score) {
      // AGS 2.0 §3.4.7, §3.4.8: both are required.
      const body = { ...score, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
      const headers = { 'content-type': mediaTypes.score, accept: '*/*' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return call(place, below(place.lineItem, 'scores'), init, async () => undefined);
    },
    readResults(place, userId) {
      const url = new URL(below(place.lineItem, 'results'));
      if (userId !== undefined) url.searchParams.set('user_id', userId);
      return call(place, url.href, { headers: { accept: mediaTypes.results } }, async (answer) =>
        results.parse(await answer.json()),
      );
    },
  };
}

/** AGS 2.0 §3.3, §3.4: the path goes on, and a query string stays behind it. */
function below(lineItemUrl: string, name: 'scores' | 'results'): string {
  const url = new URL(lineItemUrl);
  url.pathname = `${url.pathname}/${name}`;
  return url.href;
}

/** What a refusal says in words: RFC 9457 §3.1.4. */
async function problemText(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => undefined);
  const { detail } = z.object({ detail: z.string().optional() }).catch({}).parse(problem);
  return detail ?? 'It gave no reason.';
}
