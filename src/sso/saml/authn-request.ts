import type { SamlConnection, StoredRequest } from './connection.ts';
import { bindings, namespaces } from './xml/names.ts';
import { writeInstant } from './xml/time.ts';
import { attribute, type Xml, xml } from './xml/write.ts';

/** An AuthnRequest (SAML Core 2.0, 3.4.1), unsigned; the answer is asked for by POST, which alone can carry it. */
export function writeAuthnRequest(
  connection: SamlConnection,
  request: Pick<StoredRequest, 'id' | 'issuedAt' | 'forceAuthn' | 'requestedAuthnContext'>,
  destination: string,
): Xml {
  const { entityId, acsUrl } = connection.serviceProvider;
  return xml`<samlp:AuthnRequest xmlns:samlp="${namespaces.protocol}" xmlns:saml="${namespaces.assertion}" ID="${request.id}" Version="2.0" IssueInstant="${writeInstant(request.issuedAt.getTime())}" Destination="${destination}"${attribute('ForceAuthn', request.forceAuthn || undefined)} AssertionConsumerServiceURL="${acsUrl}" ProtocolBinding="${bindings.post}"><saml:Issuer>${entityId}</saml:Issuer>${nameIdPolicy(connection.nameIdFormat)}${authnContext(request.requestedAuthnContext)}</samlp:AuthnRequest>`;
}

/** AllowCreate: without it a first sign-in with a persistent NameID would be refused (3.4.1.1). */
function nameIdPolicy(format: string | undefined): Xml | undefined {
  return format === undefined ? undefined : xml`<samlp:NameIDPolicy Format="${format}" AllowCreate="true"/>`;
}

function authnContext(classes: readonly string[]): Xml | undefined {
  if (classes.length === 0) return undefined;
  const references = classes.map(
    (name) => xml`<saml:AuthnContextClassRef>${name}</saml:AuthnContextClassRef>`,
  );
  return xml`<samlp:RequestedAuthnContext Comparison="exact">${references}</samlp:RequestedAuthnContext>`;
}
