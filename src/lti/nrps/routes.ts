import { type RequestHandler, Router } from 'express';
import { membershipScope } from '../../../contracts/scopes.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitBy, type RateLimitOptions } from '../../platform/http/rate-limit.ts';
import { forPrograms } from '../../platform/http/request-context.ts';
import { authorizeCall, callOf } from '../ags/call.ts';
import { recordCalls } from '../recorded-calls.ts';
import { createRosterMemberships, withRosterMemberships } from '../roster-memberships.ts';
import { membershipsInTurn } from './memberships-in-turn.ts';
import { createPageTokens } from './page-token.ts';
import { readMembers } from './read-members.ts';
import type { NrpsServices } from './reading.ts';

/** Calls of one tool at one school: every course once in a while, and more for a large one. */
const callLimit = { perSecond: 50, burst: 2_000 };

/** A class list is about people: no cache keeps it. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** The hub as a platform: Names and Role Provisioning Services of every course (NRPS 2.0), for tools. */
export function createNrpsRouter(
  given: NrpsServices,
  limit: Pick<RateLimitOptions, 'perSecond' | 'burst'> = callLimit,
): Router {
  const memberships = withRosterMemberships(
    membershipsInTurn(given.memberships),
    createRosterMemberships(given),
  );
  const services = { ...given, memberships };
  const router = Router();
  const root = '/t/:slug/nrps';
  const calls = recordCalls(services, 'nrps_call');
  router.use(root, forPrograms, neverStored, calls.begin);
  const limitByTool = limitBy(
    { name: 'tool', clock: services.clock, ...limit },
    (_request, response) => `${callOf(response).tenantId} ${callOf(response).toolId}`,
    'Too many calls of your tool for this school. Try again shortly.',
  );
  const tokens = createPageTokens(services.releaseSecret);
  endpoint(router, `${root}/:contextId/memberships`, {
    get: [authorizeCall(services, [membershipScope]), limitByTool, readMembers(services, tokens)],
  });
  router.use(root, calls.fail);
  return router;
}
