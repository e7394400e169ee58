import { type Request, type RequestHandler, type Response, Router } from 'express';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forPeople } from '../../platform/http/request-context.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { TenantReach } from '../http.ts';
import type { Identity } from '../identities/identity.ts';
import type { SharedReason } from '../reasons.ts';
import type { TakenRequest } from '../requests/requests.ts';
import type { SignInResult } from '../sign-in.ts';
import { backChannelLogout } from './back-channel.ts';
import { toOidcConnection } from './connection.ts';
import type { EndedSessions, ReceivedLogout } from './logout.ts';
import type { Oidc } from './oidc.ts';
import type { OidcReason } from './reasons.ts';
import { oidcExpectations } from './start.ts';

/** The tenant and the connection that an address names. */
export interface OidcVisit {
  readonly tenant: Tenant;
  /** Its secrets opened. */
  readonly identity: Identity;
}

/** What these routes need of signing in as a whole. */
export interface OidcHttp {
  readonly oidc: Oidc;
  /** The hub's own address without a trailing slash. */
  readonly baseUrl: string;
  /** @throws DomainError not_found `tenant_unknown`, `identity_unknown` (also of another protocol) */
  visit(request: Request, reach: TenantReach): Promise<OidcVisit>;
  /** Uses up the request that a `state` belongs to, if this browser began it at this connection. */
  takeRequest(visit: OidcVisit, handle: unknown, cookieHeader: string | undefined): Promise<TakenRequest>;
  /** Links, starts the session, writes the try down, and answers. */
  finish(request: Request, response: Response, arrival: OidcArrival): Promise<void>;
  /** Answers with a page for the person. */
  refuse(request: Request, response: Response, visit: OidcVisit, reason: SharedReason): Promise<void> | void;
  /**
   * Uses the token's id up and ends sessions of the connection, in one transaction.
   *
   * @returns false when the id was used before
   */
  endSessions(
    visit: OidcVisit,
    ended: EndedSessions,
    oneTime: Extract<ReceivedLogout, { accepted: true }>['oneTime'],
  ): Promise<boolean>;
}

export interface OidcArrival extends OidcVisit {
  readonly taken: Extract<TakenRequest, { ok: true }>;
  readonly result: SignInResult<OidcReason>;
}

/** Where providers send browsers back, and tell of sign-outs. */
export function createOidcRouter(http: OidcHttp): Router {
  const router = Router();
  endpoint(
    router,
    '/t/:slug/oidc/:connectionId/callback',
    { get: [forPeople, callback(http)] },
    { getActs: true },
  );
  endpoint(router, '/t/:slug/oidc/:connectionId/backchannel-logout', {
    post: backChannelLogout(takeLogout(http)),
  });
  return router;
}

function callback(http: OidcHttp): RequestHandler {
  const { oidc, baseUrl } = http;
  return async (request, response) => {
    const visit = await http.visit(request, 'active');
    const { query } = request;
    const taken = await http.takeRequest(visit, query.state, request.headers.cookie);
    if (!taken.ok) return http.refuse(request, response, visit, taken.reason);
    const expectations = oidcExpectations.safeParse(taken.request.expectations);
    // What was asked by settings of before is not held against those of now.
    const isSame = taken.request.connectionVersion === visit.identity.version;
    if (!isSame || !expectations.success) return http.refuse(request, response, visit, 'request_unknown');
    // A paused one can be tested.
    const { status } = visit.identity;
    const isOpen = status === 'active' || (taken.request.isTest && status !== 'disabled');
    if (!isOpen) return http.refuse(request, response, visit, 'connection_closed');
    const connection = toOidcConnection(visit.tenant, visit.identity, baseUrl);
    const answer = { connection, query, handle: String(query.state), expectations: expectations.data };
    const result = await oidc.receive(answer);
    await http.finish(request, response, { ...visit, taken, result });
  };
}

/** Takes what a provider posted at the address of a connection. @returns why it is not accepted */
function takeLogout({ visit, oidc, baseUrl, endSessions }: OidcHttp) {
  return async (request: Request, logoutToken: string): Promise<OidcReason | undefined> => {
    const visited = await visit(request, 'any');
    const connection = toOidcConnection(visited.tenant, visited.identity, baseUrl);
    const received = await oidc.receiveLogout(connection, logoutToken);
    if (!received.accepted) return received.reason;
    return (await endSessions(visited, received.ended, received.oneTime)) ? undefined : 'replay';
  };
}
