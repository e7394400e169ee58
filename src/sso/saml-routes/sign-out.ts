import type { SessionId } from '../../../contracts/ids.ts';
import type { HostCookie } from '../../platform/http/cookies.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { Identity } from '../identities/identity.ts';
import { keepRequest, newRequestHandle } from '../requests/requests.ts';
import { startLogout } from '../saml/logout/logout.ts';
import type { Outgoing } from '../saml/message.ts';
import { openPartner } from '../sessions/partner.ts';
import { writeLogout } from './expectations.ts';
import type { SamlHttp } from './services.ts';

/** Where a browser goes to sign out at its identity provider too. */
export interface PartnerSignOut {
  outgoing: Outgoing;
  /** Binds the answer to this browser. */
  cookie: HostCookie;
}

/**
 * What ends the identity provider's own session after ours has ended (SAML Profiles 2.0, 4.4.3.1), or undefined where it
 * offers no logout or has named no session.
 *
 * @param sessionId of a session of this connection, also one that has ended
 */
export async function signOutAtPartner(
  { services, saml }: Pick<SamlHttp, 'services' | 'saml'>,
  tenant: Tenant,
  identity: Identity,
  sessionId: SessionId,
): Promise<PartnerSignOut | undefined> {
  const opened = await saml.open(tenant, identity);
  if (!opened.ok) return undefined;
  const session = await openPartner(services, tenant.tenantId, sessionId);
  if (session === undefined) return undefined;
  const handle = newRequestHandle();
  const started = startLogout(opened.connection, session, { now: services.clock.now(), relayState: handle });
  if (started === undefined) return undefined;
  const expectations = writeLogout(started.stored);
  const returnTo = `/t/${tenant.slug}/signed-out`;
  const kept = { identity, expectations, returnTo, isTest: false };
  const cookie = await keepRequest(services, tenant.tenantId, handle, kept);
  return { outgoing: started.outgoing, cookie };
}
