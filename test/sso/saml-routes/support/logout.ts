import type { Identity } from '../../../../src/sso/identities/identity.ts';
import type { SamlConnection } from '../../../../src/sso/saml/connection.ts';
import type { Outgoing } from '../../../../src/sso/saml/message.ts';
import type { Tenant } from '../../../../src/tenants/tenants.ts';
import type { Answer } from '../../../demo/support/user-agent.ts';
import { own, type TestKey } from '../../saml/support/keys.ts';
import type { Visitor } from '../../support/visitor.ts';
import type { SamlWorld } from './world.ts';

/** A connection as seen from the other side: what we receive there, it sends. */
export async function mirrorOf(
  { first, keys }: SamlWorld,
  tenant: Tenant,
  identity: Identity,
  key: TestKey = keys.active,
): Promise<SamlConnection> {
  const opened = await first.saml.open(tenant, identity);
  if (!opened.ok) throw new Error(opened.reason);
  const { connection } = opened;
  const { identityProvider: idp, serviceProvider: sp } = connection;
  return {
    ...connection,
    identityProvider: {
      ...idp,
      entityId: sp.entityId,
      singleLogout: [{ binding: 'redirect', location: sp.sloUrl }],
      certificates: sp.signingKeys.map(({ certificate, state }) => ({ ...certificate, state })),
    },
    serviceProvider: {
      ...sp,
      entityId: idp.entityId,
      sloUrl: 'https://idp.example/slo',
      signingKeys: [own(key, 'active')],
    },
  };
}

/** Brings a message of the identity provider to the single logout service, as the browser does. */
export function bring(visitor: Visitor, outgoing: Outgoing): Promise<Answer> {
  const { pathname, search } = new URL(outgoing.url);
  return outgoing.binding === 'redirect'
    ? visitor.open(pathname + search)
    : visitor.post(pathname, outgoing.fields, { 'sec-fetch-site': 'cross-site' });
}
