import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { TenantId } from '../../../contracts/ids.ts';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../../platform/http/request-context.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { browserOf, fromOwnPage, type LtiHttp, parametersOf, sendReply, tenantOf } from '../http.ts';
import type { Reply } from '../replies.ts';
import { receiveLaunch } from './launch.ts';
import { startLogin } from './login.ts';
import { refuse } from './refuse.ts';
import { isClaimed, resumeLaunch } from './resume.ts';
import { returnAddress } from './return-to-lms.ts';
import { findReturnUrl } from './trace-store.ts';

/** Largest launch: an id_token with generous custom parameters, in bytes. */
const launchLimit = 256 * 1024;

type Flow = (tenant: Tenant | undefined, request: Request, response: Response) => Promise<Reply>;

/** The hub as a tool: the addresses an LMS is given. Each stands under a tenant and, for hub-wide registrations, bare. */
export function createInboundRouter(http: LtiHttp): Router {
  const { services } = http;
  const router = Router();
  const body = [forPeople, formBody(launchLimit)];

  const login: Flow = (tenant, request, response) =>
    startLogin(services, tenant, parametersOf(request), contextOf(response).reference);
  const launch: Flow = (arrival, request, response) =>
    receiveLaunch(services, {
      arrival,
      body: parametersOf(request),
      browser: browserOf(request),
      reference: contextOf(response).reference,
    });

  for (const scope of ['/t/:slug', '']) {
    const answer = (flow: Flow) => run(http, scope !== '', flow);
    endpoint(router, `${scope}/lti/login`, {
      get: [forPeople, answer(login)],
      post: [...body, answer(login)],
    });
    endpoint(router, `${scope}/lti/launch`, {
      get: [forPeople, answer(openedByHand(http))],
      post: [...body, answer(launch)],
    });
    // Targets are names inside the LMS; a person who opens one by hand is told where to start.
    endpoint(router, `${scope}/open/:tool`, { get: [forPeople, answer(openedByHand(http))] });
  }

  endpoint(router, '/lti/resume', {
    post: [
      ...body,
      fromOwnPage(services.baseUrl),
      async (request, response) => {
        const { handle } = parametersOf(request);
        const { reference } = contextOf(response);
        const reply = await resumeLaunch(services, { handle, browser: browserOf(request), reference });
        sendReply(http, request, response, reply);
      },
    ],
  });
  endpoint(router, '/lti/waiting/:tenantId/:launchId', { get: waitingStatus(http) });
  endpoint(router, '/t/:slug/return/:launchId', { get: [forPeople, goBack(http)] });
  return router;
}

/** Runs a flow for the tenant its address names. */
function run(http: LtiHttp, forTenant: boolean, flow: Flow): RequestHandler {
  return async (request, response) => {
    const tenant = forTenant ? await tenantOf(http, String(request.params.slug)) : undefined;
    const { reference } = contextOf(response);
    const unknown = forTenant && tenant === undefined;
    const reply = unknown
      ? await refuse(http.services, { tenant: undefined, reason: 'tenant_unknown', reference })
      : await flow(tenant, request, response);
    sendReply(http, request, response, reply);
  };
}

function openedByHand({ services }: LtiHttp): Flow {
  return (tenant, _request, response) => {
    const { reference } = contextOf(response);
    return refuse(services, {
      tenant,
      reason: 'login_parameter_missing',
      reference,
      facts: { openedByHand: true },
    });
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function waitingStatus({ services }: LtiHttp): RequestHandler {
  return async (request, response) => {
    const { tenantId, launchId } = request.params as { tenantId: string; launchId: string };
    const valid = uuid.test(tenantId) && uuid.test(launchId);
    const claimed = valid && (await isClaimed(services, tenantId as TenantId, launchId));
    response.set('Cache-Control', 'no-store').json({ claimed });
  };
}

/** launch_presentation.return_url (LTI Core §5.4.4): the tool sends the person back, with its messages for the LMS. */
function goBack(http: LtiHttp): RequestHandler {
  return async (request, response) => {
    const { slug, launchId } = request.params as { slug: string; launchId: string };
    const tenant = await tenantOf(http, slug);
    const stored =
      tenant && uuid.test(launchId)
        ? await findReturnUrl(http.services.db.tenant(tenant.tenantId), launchId)
        : undefined;
    const { reference } = contextOf(response);
    const reply: Reply =
      stored === undefined
        ? await refuse(http.services, { tenant: undefined, reason: 'state_unknown', reference })
        : { kind: 'redirect', url: returnAddress(stored, request.query) };
    sendReply(http, request, response, reply);
  };
}
