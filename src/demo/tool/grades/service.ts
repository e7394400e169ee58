import { z } from 'zod';
import type { Answer, ServiceCall } from '../service-call.ts';

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

export type Result = z.output<typeof results>[number];

/** Assignment and Grade Services 2.0, as far as this tool uses them. Failures are answers, never thrown. */
export interface GradeService {
  readLineItem(place: GradePlace): Promise<Answer<z.output<typeof lineItem>>>;
  postScore(place: GradePlace, score: Score): Promise<Answer<undefined>>;
  /** The first page of results. @param userId only this person's */
  readResults(place: GradePlace, userId?: string): Promise<Answer<Result[]>>;
}

export function createGradeService(call: ServiceCall): GradeService {
  return {
    readLineItem: (place) =>
      call(
        { scopes: place.scopes, url: place.lineItem, headers: { accept: mediaTypes.lineItem } },
        async (answer) => lineItem.parse(await answer.json()),
      ),
    postScore(place, score) {
      // AGS 2.0 §3.4.7, §3.4.8: both are required.
      const body = { ...score, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
      const headers = { 'content-type': mediaTypes.score, accept: '*/*' };
      const url = below(place.lineItem, 'scores');
      const { scopes } = place;
      return call(
        { scopes, url, method: 'POST', headers, body: JSON.stringify(body) },
        async () => undefined,
      );
    },
    readResults(place, userId) {
      const url = new URL(below(place.lineItem, 'results'));
      if (userId !== undefined) url.searchParams.set('user_id', userId);
      const request = { scopes: place.scopes, url: url.href, headers: { accept: mediaTypes.results } };
      return call(request, async (answer) => results.parse(await answer.json()));
    },
  };
}

/** AGS 2.0 §3.3, §3.4: the path goes on, and a query string stays behind it. */
function below(lineItemUrl: string, name: 'scores' | 'results'): string {
  const url = new URL(lineItemUrl);
  url.pathname = `${url.pathname}/${name}`;
  return url.href;
}
