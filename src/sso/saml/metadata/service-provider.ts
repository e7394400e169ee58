import type { Certificate } from '../certificate.ts';
import { type OwnSide, published, requireSigningKey } from '../connection.ts';
import { newMessageId } from '../message.ts';
import { signDocument } from '../signature/sign.ts';
import { bindings, namespaces } from '../xml/names.ts';
import { attribute, type Xml, xml } from '../xml/write.ts';

/** Of AES in the order we like them; RSA-1.5 and CBC are not named, since nobody should choose them. */
const encryptionMethods = [
  `${namespaces.encryption11}aes256-gcm`,
  `${namespaces.encryption11}aes128-gcm`,
  `${namespaces.encryption}rsa-oaep-mgf1p`,
];

/**
 * What one connection tells its identity provider about us (SAML Metadata 2.0, 2.4.4): names, addresses, and the
 * certificates in use and to come, so that a new key is known before it signs.
 *
 * @param options.signed signs the document with the active key
 * @throws DomainError `saml_key_missing` when it is to be signed and there is no active key
 */
export function describeServiceProvider(connection: OwnSide, options: { signed?: boolean } = {}): string {
  const { entityId, acsUrl, sloUrl, signingKeys, decryptionKeys } = connection.serviceProvider;
  const id = newMessageId();
  const descriptors = [
    ...published(signingKeys).map((certificate) => keyDescriptor('signing', certificate)),
    ...published(decryptionKeys).map((certificate) => keyDescriptor('encryption', certificate)),
  ];
  const logout = signingKeys.length === 0 ? [] : [bindings.redirect, bindings.post];
  const services = logout.map(
    (binding) => xml`<md:SingleLogoutService Binding="${binding}" Location="${sloUrl}"/>`,
  );
  const format = connection.nameIdFormat;
  const nameIdFormat = format === undefined ? undefined : xml`<md:NameIDFormat>${format}</md:NameIDFormat>`;
  const role = xml`<md:SPSSODescriptor AuthnRequestsSigned="${connection.signRequests}" WantAssertionsSigned="true" protocolSupportEnumeration="${namespaces.protocol}">${descriptors}${services}${nameIdFormat}<md:AssertionConsumerService Binding="${bindings.post}" Location="${acsUrl}" index="0" isDefault="true"/></md:SPSSODescriptor>`;
  const document = xml`<md:EntityDescriptor xmlns:md="${namespaces.metadata}"${attribute('ID', id)} entityID="${entityId}" cacheDuration="P1D">${role}</md:EntityDescriptor>`;
  if (options.signed !== true) return document.text;
  return signDocument(document, id, requireSigningKey(connection.serviceProvider)).text;
}

function keyDescriptor(use: 'signing' | 'encryption', { base64 }: Certificate): Xml {
  const methods = encryptionMethods.map((name) => xml`<md:EncryptionMethod Algorithm="${name}"/>`);
  return xml`<md:KeyDescriptor use="${use}"><ds:KeyInfo xmlns:ds="${namespaces.signature}"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${use === 'encryption' ? methods : undefined}</md:KeyDescriptor>`;
}
