import { type RequestHandler, Router } from 'express';
import { agsScope } from '../../../contracts/scopes.ts';
import { jsonBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitBy, type RateLimitOptions } from '../../platform/http/rate-limit.ts';
import { forPrograms } from '../../platform/http/request-context.ts';
import { createKeptGradebook, withKeptGradebook } from '../kept-gradebook.ts';
import { recordCalls } from '../recorded-calls.ts';
import type { LtiServices } from '../services.ts';
import { authorizeCall, callOf } from './call.ts';
import { createLineItem, listContainer } from './container.ts';
import { readDeliveries } from './deliveries.ts';
import { takeTurns } from './gradebook-in-turn.ts';
import { deleteLineItem, readLineItem, updateLineItem } from './line-item.ts';
import { mediaType } from './media-types.ts';
import { readResults } from './results.ts';
import { receiveScore } from './scores.ts';

/** Largest bodies, in bytes. A score holds a comment of 100,000 characters at most. */
const limits = { lineItem: 64 * 1024, score: 512 * 1024 };

/** Calls of one tool at one school: far more than a course full of pupils makes, and less than one copy can take. */
const callLimit = { perSecond: 1_000, burst: 20_000 };

/** Grades are somebody's: no cache keeps them. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

export type AgsServices = Pick<
  LtiServices,
  | 'accessTokens'
  | 'directory'
  | 'db'
  | 'baseUrl'
  | 'grades'
  | 'gradebook'
  | 'clock'
  | 'releaseSecret'
  | 'recordCall'
>;

/** The hub as a platform: Assignment and Grade Services of every course (AGS 2.0), for tools. */
export function createAgsRouter(
  given: AgsServices,
  limit: Pick<RateLimitOptions, 'perSecond' | 'burst'> = callLimit,
): Router {
  const gradebook = withKeptGradebook(takeTurns(given.gradebook), createKeptGradebook(given));
  const services = { ...given, gradebook };
  const router = Router();
  const root = '/t/:slug/ags';
  const calls = recordCalls(services, 'ags_call');
  router.use(root, forPrograms, neverStored, calls.begin);
  const limitByTool = limitBy(
    { name: 'tool', clock: services.clock, ...limit },
    (_request, response) => `${callOf(response).tenantId} ${callOf(response).toolId}`,
    'Too many calls of your tool for this school. Try again shortly.',
  );
  const may = (...anyOf: string[]) => [authorizeCall(services, anyOf), limitByTool];

  // AGS 2.0 §3.2: either right reads, one writes.
  const [read, write] = [may(agsScope.lineItemReadonly, agsScope.lineItem), may(agsScope.lineItem)];
  const lineItemBody = jsonBody(limits.lineItem, [mediaType.lineItem]);
  const container = `${root}/:contextId/lineitems`;
  endpoint(router, container, {
    get: [...read, listContainer(services)],
    post: [...write, lineItemBody, createLineItem(services)],
  });
  const item = `${container}/:lineItemId`;
  endpoint(router, item, {
    get: [...read, readLineItem(services)],
    put: [...write, lineItemBody, updateLineItem(services)],
    delete: [...write, deleteLineItem(services)],
  });

  // AGS 2.0 §3.4.2: scores are written only.
  endpoint(router, `${item}/scores`, {
    post: [...may(agsScope.score), jsonBody(limits.score, [mediaType.score]), receiveScore(services)],
  });
  // AGS 2.0 §3.3.2: results are read only.
  endpoint(router, `${item}/results`, { get: [...may(agsScope.resultReadonly), readResults(services)] });
  endpoint(router, `${item}/deliveries`, { get: [...may(agsScope.score), readDeliveries(services)] });
  router.use(root, calls.fail);
  return router;
}
