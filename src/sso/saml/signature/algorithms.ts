import { createSign, type KeyObject, verify } from 'node:crypto';

export interface SignatureMethod {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly keyType: 'rsa' | 'ec';
}

/** The ways of signing that count (RFC 9231, 2.3). SHA-1, HMAC, DSA and whatever else is refused by name. */
export const signatureMethods: Readonly<Record<string, SignatureMethod>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { hash: 'sha256', keyType: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384', keyType: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512', keyType: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256', keyType: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384', keyType: 'ec' },
};

export const digestMethods: Readonly<Record<string, SignatureMethod['hash']>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

/** What we sign with ourselves. */
export const ownSignatureMethod = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const ownDigestMethod = 'http://www.w3.org/2001/04/xmlenc#sha256';

/** Whether the octets carry this signature; a key of another type than the algorithm's never fits. */
export function verifyOctets(
  { hash, keyType }: SignatureMethod,
  octets: string,
  key: KeyObject,
  signature: Buffer,
): boolean {
  if (key.type !== 'public' || key.asymmetricKeyType !== keyType) return false;
  // XML Signature writes an ECDSA value as r and s side by side (XML Signature 1.1, 6.4.3).
  return verify(hash, Buffer.from(octets), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** The base64 of an RSA-SHA256 signature over octets. */
export function signOctets(octets: string, key: KeyObject): string {
  return createSign('RSA-SHA256').update(octets).sign(key, 'base64');
}
