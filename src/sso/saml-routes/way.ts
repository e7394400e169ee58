import { refuseBegin } from '../begin.ts';
import { setCookies } from '../http.ts';
import { keepRequest, newRequestHandle } from '../requests/requests.ts';
import { startSignIn } from '../saml/saml.ts';
import type { BeginSignIn, SignInWay } from '../visit.ts';
import { writeSignIn } from './expectations.ts';
import { sendOutgoing } from './outgoing.ts';
import type { SamlHttp } from './services.ts';
import { signOutAtPartner } from './sign-out.ts';

/** Signing in and out by SAML 2.0. */
export function createSamlWay(http: SamlHttp): SignInWay {
  return {
    begin: begin(http),
    signOut: async (request, response, { tenant, identity, sessionId }) => {
      const asked = await signOutAtPartner(http, tenant, identity, sessionId);
      if (asked === undefined) return undefined;
      return () => {
        setCookies(response, asked.cookie);
        sendOutgoing(http, request, response, tenant, asked.outgoing);
      };
    },
  };
}

/**
 * Sends somebody to their identity provider with an AuthnRequest (SAML Profiles 2.0, 4.1.4.1). The request is kept, and
 * bound to this browser; RelayState is its opaque handle.
 */
function begin(http: SamlHttp): BeginSignIn {
  const { services, saml } = http;
  return async (request, response, visit) => {
    const { tenant, identity } = visit;
    const opened = await saml.open(tenant, identity);
    if (!opened.ok) return refuseBegin(http, request, response, visit, opened.reason);
    const handle = newRequestHandle();
    const now = services.clock.now();
    const { stored, outgoing } = startSignIn(opened.connection, { now, relayState: handle });
    const kept = { ...visit, expectations: writeSignIn(stored) };
    setCookies(response, await keepRequest(services, tenant.tenantId, handle, kept));
    sendOutgoing(http, request, response, tenant, outgoing);
  };
}
