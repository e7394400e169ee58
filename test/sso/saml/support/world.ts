import type { SamlConnection, StoredRequest } from '../../../../src/sso/saml/connection.ts';
import { presets } from '../../../../src/sso/saml/presets.ts';
import { receiveResponse } from '../../../../src/sso/saml/saml.ts';
import { answer, field, honest, type Packing, type Said, type Target } from './idp.ts';
import { createTestKeys, own, type TestKeys, trusted } from './keys.ts';

/** One connection, its keys, an open request, and a fixed moment. */
export interface World {
  keys: TestKeys;
  connection: SamlConnection;
  request: StoredRequest;
  target: Target;
  now: number;
}

export const noon = Date.parse('2026-11-21T12:00:00Z');

export async function createWorld(): Promise<World> {
  const keys = await createTestKeys();
  const connection: SamlConnection = {
    id: 'connection-1',
    identityProvider: {
      entityId: 'https://idp.example/entity',
      singleSignOn: [{ binding: 'redirect', location: 'https://idp.example/sso' }],
      singleLogout: [{ binding: 'redirect', location: 'https://idp.example/slo' }],
      certificates: [
        trusted(keys.retired, 'retired'),
        trusted(keys.next, 'next'),
        trusted(keys.active, 'active'),
      ],
    },
    serviceProvider: {
      entityId: 'https://hub.example/t/north/saml/1',
      acsUrl: 'https://hub.example/t/north/saml/1/acs',
      sloUrl: 'https://hub.example/t/north/saml/1/slo',
      signingKeys: [own(keys.signing, 'active')],
      decryptionKeys: [own(keys.oldDecryption, 'retired'), own(keys.decryption, 'active')],
    },
    mapping: presets.generic.mapping,
    allowUnsolicited: false,
    signRequests: true,
    forceAuthn: false,
    requestedAuthnContext: [],
  };
  const request: StoredRequest = {
    id: '_request1',
    connectionId: connection.id,
    issuedAt: new Date(noon - 30_000),
    expiresAt: new Date(noon + 600_000),
    forceAuthn: false,
    requestedAuthnContext: [],
  };
  const target: Target = {
    idpEntityId: connection.identityProvider.entityId,
    spEntityId: connection.serviceProvider.entityId,
    acsUrl: connection.serviceProvider.acsUrl,
    requestId: request.id,
    now: noon,
  };
  return { keys, connection, request, target, now: noon };
}

/** Signs with the identity provider's active key. */
export const byActive = ({ keys }: World) => ({
  key: keys.active.privateKey,
  certificate: keys.active.certificate.base64,
});

/** An answer with some lies in it, the assertion signed by the active key unless packed otherwise. */
export function tell(world: World, lies: Partial<Said> = {}, packing?: Packing): string {
  return answer({ ...honest(world.target), ...lies }, packing ?? { signAssertion: byActive(world) });
}

/** What the hub makes of an answer. */
export function receive(
  world: World,
  xml: string,
  more: { connection?: Partial<SamlConnection>; request?: StoredRequest | undefined; now?: number } = {},
) {
  return receiveResponse({
    connection: { ...world.connection, ...more.connection },
    fields: { SAMLResponse: field(xml) },
    request: 'request' in more ? more.request : world.request,
    now: more.now ?? world.now,
  });
}
