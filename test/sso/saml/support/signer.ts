import { createHash, createHmac, type KeyLike, KeyObject, sign } from 'node:crypto';
import { SignedXml } from 'xml-crypto';

export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** What a signer does, honest unless told otherwise. */
export interface Signing {
  key: KeyLike;
  /** Certificate in KeyInfo, base64. */
  certificate?: string;
  algorithm?: string;
  digest?: string;
  canonicalization?: string;
  transforms?: string[];
  /** Prefixes of InclusiveNamespaces. */
  prefixes?: string[];
  /** Elements referenced besides. */
  moreReferences?: string[];
}

/** Hashes by the identifiers of RFC 9231; `ec` keys sign in the form of XML Signature (r and s side by side). */
const signatures: Record<string, { hash: string; hmac?: true }> = {
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { hash: 'sha1' },
  [rsaSha256]: { hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384' },
  'http://www.w3.org/2000/09/xmldsig#hmac-sha1': { hash: 'sha1', hmac: true },
  'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256': { hash: 'sha256', hmac: true },
};
const digests: Record<string, string> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

/** Puts an enveloped signature behind the Issuer of the element with this ID. */
export function signElement(xml: string, id: string, signing: Signing): string {
  const {
    algorithm = rsaSha256,
    digest = 'http://www.w3.org/2001/04/xmlenc#sha256',
    prefixes = [],
  } = signing;
  const signer = new SignedXml({
    privateKey: signing.key,
    signatureAlgorithm: algorithm,
    canonicalizationAlgorithm: signing.canonicalization ?? exclusive,
    getKeyInfoContent: ({ prefix }: { prefix?: string | null } = {}) =>
      signing.certificate === undefined
        ? null
        : `<${prefix}:X509Data><${prefix}:X509Certificate>${signing.certificate}</${prefix}:X509Certificate></${prefix}:X509Data>`,
  });
  signer.SignatureAlgorithms = Object.fromEntries(
    Object.entries(signatures).map(([name, how]) => [
      name,
      class {
        getAlgorithmName = () => name;
        getSignature = (octets: unknown, key: KeyLike) => write(how, String(octets), key);
        verifySignature = () => false;
      } as never,
    ]),
  );
  signer.HashAlgorithms = Object.fromEntries(
    Object.entries(digests).map(([name, hash]) => [
      name,
      class {
        getAlgorithmName = () => name;
        getHash = (text: string) => createHash(hash).update(text).digest('base64');
      },
    ]),
  );
  for (const target of [id, ...(signing.moreReferences ?? [])]) {
    signer.addReference({
      xpath: `//*[@ID='${target}']`,
      uri: `#${target}`,
      digestAlgorithm: digest,
      transforms: signing.transforms ?? [enveloped, exclusive],
      inclusiveNamespacesPrefixList: prefixes,
    });
  }
  const issuer = `//*[@ID='${id}']/*[local-name(.)='Issuer']`;
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: issuer, action: 'after' } });
  return signer.getSignedXml();
}

function write({ hash, hmac }: { hash: string; hmac?: true }, octets: string, key: KeyLike): string {
  if (hmac)
    return createHmac(hash, key instanceof KeyObject ? 'none' : String(key))
      .update(octets)
      .digest('base64');
  const options = { key: key as KeyObject, dsaEncoding: 'ieee-p1363' as const };
  return sign(hash, Buffer.from(octets), options).toString('base64');
}
