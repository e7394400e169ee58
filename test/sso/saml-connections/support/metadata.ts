import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import type { TestKey } from '../../saml/support/keys.ts';
import { signElement } from '../../saml/support/signer.ts';

export interface Described {
  keys: TestKey[];
  entityId?: string;
  location?: string;
  /** An instant. */
  validUntil?: string;
  wantsSigned?: boolean;
  /** Who signs the document. */
  signer?: TestKey;
}

const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings';

/** Metadata of an identity provider (SAML Metadata 2.0, 2.4.3). */
export function writeMetadata(described: Described): string {
  const { keys, entityId = 'https://idp.example/entity', location = 'https://idp.example/sso' } = described;
  const { validUntil, wantsSigned = false, signer } = described;
  const descriptors = keys.map(
    ({ certificate: { base64 } }) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  const until = validUntil === undefined ? '' : ` validUntil="${validUntil}"`;
  const role = `<md:IDPSSODescriptor WantAuthnRequestsSigned="${wantsSigned}" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${descriptors.join('')}<md:SingleSignOnService Binding="${bindings}:HTTP-Redirect" Location="${location}"/></md:IDPSSODescriptor>`;
  // The place of a signature is found by an Issuer, which metadata does not have.
  const marker = '<Issuer/>';
  const xml = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_m" entityID="${entityId}"${until}>${signer === undefined ? '' : marker}${role}</md:EntityDescriptor>`;
  if (signer === undefined) return xml;
  return signElement(xml, '_m', { key: signer.privateKey, certificate: signer.certificate.base64 });
}

export const pem = ({ certificate }: TestKey) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.base64}\n-----END CERTIFICATE-----\n`;

/** A web server on this machine for a test file. Answers with what was set last. */
export async function serveMetadata() {
  let listener: RequestListener = (_request, response) => response.writeHead(404).end();
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    /** What was asked for, in turn. */
    paths,
    answer: (text: string) => {
      listener = (_request, response) => response.end(text);
    },
    answerBy: (next: RequestListener) => {
      listener = next;
    },
  };
}
