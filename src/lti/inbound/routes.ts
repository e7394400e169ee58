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
import { resumeLaunch } from './resume.ts';
import { returnAddress } from './return-to-lms.ts';
import { isClaimed } from './waiting.ts';

/** Largest launch: an id_token with generous custom parameters, in bytes. */
const launchLimit = 256 * 1024;

type Flow = (tenant: Tenant | undefined, request: Request, response: Response) => Promise<Reply>;

/** The hub as a tool: the addresses an LMS is given. Each stands under a tenant and, for hub-wide registrations, bare. */
export function createInboundRouter(http: LtiHttp): Router {
  const { services } = http;
  const router = Router();
  const body = [forPeople, formBody(launchLimit)];

  const login: Flow = (tenant, request, response) =>
    startLogin(
      services,
      tenant,
      parametersOf(request),
      browserOf(http, request),
      contextOf(response).reference,
    );
  const launch: Flow = (arrival, request, response) =>
    receiveLaunch(services, {
      arrival,
      body: parametersOf(request),
      browser: browserOf(http, request),
      reference: contextOf(response).reference,
    });

  for (const scope of ['/t/:slug', '']) {
    const answer = (flow: Flow) => run(http, scope !== '', flow);
    endpoint(
      router,
      `${scope}/lti/login`,
      { get: [forPeople, answer(login)], post: [...body, answer(login)] },
      { getActs: true },
    );
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
        const { handle, tool } = parametersOf(request);
        const { reference } = contextOf(response);
        const browser = browserOf(http, request);
        const reply = await resumeLaunch(services, { handle, tool, browser, reference });
        sendReply(http, request, response, reply);
      },
    ],
  });
  endpoint(router, '/lti/waiting/:tenantId/:launchId', { get: waitingStatus(http) });
  endpoint(router, '/return/:token', { get: [forPeople, goBack(http)] });
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

/** Anyone may do this, as often as they like: it is counted, but no tenant keeps a row of it. */
function openedByHand({ services }: LtiHttp): Flow {
  return (_tenant, _request, response) => {
    const { reference } = contextOf(response);
    return refuse(services, { tenant: undefined, reason: 'opened_by_hand', reference });
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

/** The tool sends the person back, with its messages for the LMS. */
function goBack(http: LtiHttp): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const returnUrl = services.returnAddresses.open(String(request.params.token));
    const { reference } = contextOf(response);
    const reply: Reply =
      returnUrl === undefined
        ? await refuse(services, { tenant: undefined, reason: 'state_unknown', reference })
        : { kind: 'redirect', url: returnAddress(returnUrl, request.query) };
    response.setHeader('Referrer-Policy', 'no-referrer');
    sendReply(http, request, response, reply);
  };
}
