import type { Request, RequestHandler } from 'express';
import { parseHandle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { type Answered, arrive, sendFinished, setCookies } from '../http.ts';
import type { Identity } from '../identities/identity.ts';
import type { SharedReason } from '../reasons.ts';
import { type TakenRequest, takeRequest } from '../requests/requests.ts';
import { decideReturnTo } from '../return-to.ts';
import type { CheckedSignIn } from '../saml/check.ts';
import { skewOf } from '../saml/connection.ts';
import type { SamlReason } from '../saml/reasons.ts';
import { receiveResponse } from '../saml/saml.ts';
import { readSignIn } from './expectations.ts';
import { fieldsOf } from './fields.ts';
import { type SamlHttp, samlOfRequest } from './services.ts';

/**
 * The assertion consumer service: takes the form that an identity provider lets the browser post (SAML Profiles 2.0,
 * 4.1.4.3).
 */
export function takeResponse(http: SamlHttp): RequestHandler {
  return async (request, response) => {
    const { tenant, identity } = await samlOfRequest(http, request);
    const { SAMLResponse, RelayState } = fieldsOf(request.body);
    const taken = await takeAsked(http, request, { tenant, identity }, RelayState);
    const answered: Answered = {
      tenant,
      identity,
      isTest: taken?.ok === true && taken.request.isTest,
      returnTo: taken?.ok ? taken.request.returnTo : decideReturnTo(tenant.slug, RelayState),
      console: taken?.ok ? taken.request.console : null,
      proven: taken?.ok === true,
      ...(await judge(http, { tenant, identity }, SAMLResponse, taken)),
    };
    if (taken?.ok) setCookies(response, taken.cookie);
    sendFinished(http, request, response, tenant, await arrive(http, request, response, answered));
  };
}

/** The request that RelayState leads to; undefined where it leads to none, as with a sign-in that began elsewhere. */
async function takeAsked(
  { services }: SamlHttp,
  request: Request,
  { tenant, identity }: { tenant: Tenant; identity: Identity },
  handle: string | undefined,
): Promise<TakenRequest | undefined> {
  if (parseHandle(handle, 0) === undefined) return undefined;
  const cookieHeader = request.headers.cookie;
  return takeRequest(services, tenant.tenantId, identity.connectionId, { handle, cookieHeader });
}

async function judge(
  { services, saml }: SamlHttp,
  { tenant, identity }: { tenant: Tenant; identity: Identity },
  SAMLResponse: string | undefined,
  taken: TakenRequest | undefined,
): Promise<Pick<Answered, 'result' | 'oneTime'>> {
  if (taken !== undefined && !taken.ok) return refused(taken.reason);
  const asked = taken && readSignIn(taken.request.expectations);
  if (taken !== undefined && asked === undefined) return refused('request_unknown');
  const opened = await saml.open(tenant, identity);
  if (!opened.ok) return refused(opened.reason);
  const result = receiveResponse({
    connection: opened.connection,
    fields: { SAMLResponse },
    request: asked,
    now: services.clock.now(),
  });
  if (!result.accepted) return { result };
  const { id, expires: expiresAt } = result.oneTime;
  const skew = skewOf(opened.connection);
  return { result: forSession(result, skew), oneTime: { kind: 'assertion', id, expiresAt } };
}

function refused(reason: SharedReason | SamlReason): Pick<Answered, 'result'> {
  return { result: { accepted: false, reason, checks: [{ rule: reason, passed: false }] } };
}

/**
 * By `name` and `index` a session is found again when the other side ends its own: NameID and SessionIndex (SAML Core 2.0,
 * 3.7.1). It ends by the other side's clock, or who is accepted within the skew would be sent back there again and again.
 */
function forSession(
  { signedIn, checks }: Extract<CheckedSignIn, { accepted: true }>,
  skew: number,
): Answered['result'] {
  const { partnerSession: partner, endsAt } = signedIn;
  const { nameId: name, sessionIndex: index } = partner ?? {};
  const found = name !== undefined && { ...partner, name, ...(index !== undefined && { index }) };
  return {
    accepted: true,
    signedIn: {
      ...signedIn,
      ...(endsAt !== undefined && { endsAt: new Date(endsAt.getTime() + skew) }),
      ...(found && { partnerSession: found }),
    },
    checks,
  };
}
