import { SignedXml } from 'xml-crypto';
import type { OwnKey } from '../certificate.ts';
import { enveloped, namespaces } from '../xml/names.ts';
import { Xml } from '../xml/write.ts';
import { ownDigestMethod, ownSignatureMethod } from './algorithms.ts';

/**
 * Signs a document of ours as a whole with an enveloped signature (SAML Core 2.0, 5.4), RSA-SHA256.
 *
 * @param after local name of the child behind which the schema wants the signature; first of all where undefined
 */
export function signDocument(document: Xml, id: string, key: OwnKey, after?: string): Xml {
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: `-----BEGIN CERTIFICATE-----\n${key.certificate.base64}\n-----END CERTIFICATE-----`,
    signatureAlgorithm: ownSignatureMethod,
    canonicalizationAlgorithm: namespaces.exclusive,
  });
  signer.addReference({
    xpath: '/*',
    uri: `#${id}`,
    digestAlgorithm: ownDigestMethod,
    transforms: [enveloped, namespaces.exclusive],
  });
  signer.computeSignature(document.text, {
    prefix: 'ds',
    location:
      after === undefined
        ? { reference: '/*', action: 'prepend' }
        : { reference: `/*/*[local-name(.)='${after}']`, action: 'after' },
  });
  return new Xml(signer.getSignedXml());
}
