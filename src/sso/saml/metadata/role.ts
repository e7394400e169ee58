import { DomainError } from '../../../platform/errors.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import type { Endpoint } from '../connection.ts';
import { type Binding, bindings } from '../xml/names.ts';
import { attributeOf, childrenOf, descendantsOf, elementsOf, textOf } from '../xml/read.ts';
import type { IdentityProviderMetadata } from './identity-provider.ts';

type Role = Omit<IdentityProviderMetadata, 'entityId' | 'validUntil' | 'refreshAt'>;

/**
 * Reads an IDPSSODescriptor (SAML Metadata 2.0, 2.4.3) and what its entity says besides.
 *
 * @throws DomainError `metadata_incomplete` without a sign-in address or a signing certificate
 */
export function readRole(role: Element, entity: Element): Role {
  const singleSignOn = readEndpoints(role, 'SingleSignOnService');
  const certificates = readCertificates(role);
  if (singleSignOn.length === 0 || certificates.length === 0) {
    const lack =
      certificates.length === 0 ? 'signing certificate' : 'sign-in address over HTTP-Redirect or HTTP-POST';
    throw new DomainError('input', 'metadata_incomplete', `This metadata names no ${lack}. Ask its maker.`);
  }
  const scopes = readScopes(role).length > 0 ? readScopes(role) : readScopes(entity);
  const literal = scopes.filter(({ isPattern }) => !isPattern).map(({ value }) => value);
  return {
    displayName: readDisplayName(role),
    singleSignOn,
    singleLogout: readEndpoints(role, 'SingleLogoutService'),
    certificates,
    wantsSignedRequests: ['true', '1'].includes(attributeOf(role, 'WantAuthnRequestsSigned') ?? ''),
    scopes: scopes.length === 0 ? undefined : literal,
    patternScopes: scopes.filter(({ isPattern }) => isPattern).map(({ value }) => value),
  };
}

/** Addresses over bindings that we speak. Anything but http(s) would run in the page that posts there. */
function readEndpoints(role: Element, name: string): Endpoint[] {
  return childrenOf(role, 'metadata', name).flatMap((element) => {
    const binding = (Object.keys(bindings) as Binding[]).find(
      (key) => bindings[key] === attributeOf(element, 'Binding'),
    );
    const location = webAddress(attributeOf(element, 'Location'));
    const responseLocation = webAddress(attributeOf(element, 'ResponseLocation'));
    if (binding === undefined || location === undefined) return [];
    return [{ binding, location, ...(responseLocation === undefined ? {} : { responseLocation }) }];
  });
}

function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? text
    : undefined;
}

/** A KeyDescriptor without `use` serves both purposes (2.4.1.1). The same certificate twice counts once. */
function readCertificates(role: Element): Certificate[] {
  const texts = childrenOf(role, 'metadata', 'KeyDescriptor')
    .filter((descriptor) => ['signing', undefined].includes(attributeOf(descriptor, 'use')))
    .flatMap((descriptor) => descendantsOf(descriptor, 'signature', 'X509Certificate'))
    .map((certificate) => (textOf(certificate) ?? '').replace(/\s/g, ''));
  return [...new Set(texts)].map(readCertificate);
}

/** Scopes stand in the Extensions of the role or of the entity (Shibboleth metadata extension). */
function readScopes(parent: Element): { value: string; isPattern: boolean }[] {
  return childrenOf(parent, 'metadata', 'Extensions')
    .flatMap((extensions) => childrenOf(extensions, 'shibboleth', 'Scope'))
    .map((scope) => ({
      value: textOf(scope) ?? '',
      isPattern: ['true', '1'].includes(attributeOf(scope, 'regexp') ?? ''),
    }));
}

/** In English where there is such a name, else the first. */
function readDisplayName(role: Element): string | undefined {
  const names = childrenOf(role, 'metadata', 'Extensions')
    .flatMap(elementsOf)
    .filter(({ localName }) => localName === 'UIInfo')
    .flatMap(elementsOf)
    .filter(({ localName }) => localName === 'DisplayName');
  const english = names.find((name) => name.getAttribute('xml:lang') === 'en');
  return textOf(english ?? names[0]);
}
