import { contextOf } from '../../platform/http/request-context.ts';
import { finishSignIn } from '../finish.ts';
import { sendFinished, setCookies } from '../http.ts';
import { keepRequest, newRequestHandle } from '../requests/requests.ts';
import { startSignIn } from '../saml/saml.ts';
import type { BeginSignIn } from '../visit.ts';
import { writeSignIn } from './expectations.ts';
import { sendOutgoing } from './outgoing.ts';
import type { SamlHttp } from './services.ts';

/**
 * Sends somebody to their identity provider with an AuthnRequest (SAML Profiles 2.0, 4.1.4.1). The request is kept, and
 * bound to this browser; RelayState is its opaque handle.
 */
export function beginSaml(http: SamlHttp): BeginSignIn {
  return async (request, response, { tenant, identity, returnTo, isTest }) => {
    const { services, saml } = http;
    const opened = await saml.open(tenant, identity);
    if (!opened.ok) {
      const { reason } = opened;
      const result = { accepted: false as const, reason, checks: [{ rule: reason, passed: false }] };
      const { reference } = contextOf(response);
      const finished = await finishSignIn(services, {
        tenant,
        identity,
        result,
        returnTo,
        isTest,
        reference,
      });
      return sendFinished(http, request, response, tenant, finished);
    }
    const handle = newRequestHandle();
    const { stored, outgoing } = startSignIn(opened.connection, {
      now: services.clock.now(),
      relayState: handle,
    });
    const kept = { identity, expectations: writeSignIn(stored), returnTo, isTest };
    setCookies(response, await keepRequest(services, tenant.tenantId, handle, kept));
    sendOutgoing(http, request, response, tenant, outgoing);
  };
}
