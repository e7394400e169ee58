import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { ConnectionId } from '../../contracts/ids.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPeople } from '../platform/http/request-context.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { AdminRefusal, ConsoleAsked } from './admins.ts';
import {
  arrive,
  connectionOfRequest,
  refuseSignIn,
  type SsoHttp,
  sendFinished,
  tenantOfRequest,
} from './http.ts';
import { openIdentity } from './identities/identities.ts';
import { decideReturnTo } from './return-to.ts';
import type { Check } from './sign-in.ts';
import type { SignInVisit, SignInWays } from './visit.ts';

/** Where signing in begins, whatever the protocol; `takePassword` takes the form of a way that has one. */
export function createBeginRouter(
  http: SsoHttp,
  ways: SignInWays,
  takePassword: readonly RequestHandler[],
): Router {
  const router = Router();
  endpoint(router, '/t/:slug/sign-in/:connectionId', {
    get: [forPeople, begin(http, ways)],
    post: [...takePassword],
  });
  return router;
}

function begin(http: SsoHttp, ways: SignInWays): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const tx = services.db.tenant(tenant.tenantId);
    const identity = await openIdentity(services, tx, connectionOfRequest(request));
    if (identity.status !== 'active') {
      return refuseSignIn(http, request, response, { tenant, identity, reason: 'connection_closed' });
    }
    const returnTo = decideReturnTo(tenant.slug, request.query.returnTo);
    await ways[identity.protocol].begin(request, response, { tenant, identity, returnTo, isTest: false });
  };
}

/** An admin on the way to the console by a connection of their institution, which the address names. */
export interface ConsoleVisit {
  /** A path of the console. */
  returnTo: string;
  /** What the console wants to know again, or why nobody sets out. */
  ask: (tenant: Tenant, connectionId: ConnectionId) => Promise<ConsoleAsked | AdminRefusal>;
}

/** Sends an admin off to the other side; whether the console takes them is asked when they come back. */
export type BeginForConsole = (request: Request, response: Response, visit: ConsoleVisit) => Promise<void>;

export function createBeginForConsole(http: SsoHttp, ways: SignInWays): BeginForConsole {
  const { services } = http;
  return async (request, response, { returnTo, ask }) => {
    const tenant = await tenantOfRequest(http, request);
    const connectionId = connectionOfRequest(request);
    const identity = await openIdentity(services, services.db.tenant(tenant.tenantId), connectionId);
    const asked = identity.status === 'active' ? await ask(tenant, connectionId) : 'connection_closed';
    if (typeof asked === 'string') {
      return refuseSignIn(http, request, response, { tenant, identity, reason: asked, returnTo });
    }
    const visit = { tenant, identity, returnTo, isTest: false, console: asked };
    await ways[identity.protocol].begin(request, response, visit);
  };
}

/** Ends a try that could not even be begun, since the other side is not as it should be. */
export async function refuseBegin(
  http: SsoHttp,
  request: Request,
  response: Response,
  visit: SignInVisit,
  reason: string,
  checks: readonly Check[] = [{ rule: reason, passed: false }],
): Promise<void> {
  const result = { accepted: false as const, reason, checks };
  const finished = await arrive(http, request, response, { ...visit, result });
  sendFinished(http, request, response, visit.tenant, finished);
}
