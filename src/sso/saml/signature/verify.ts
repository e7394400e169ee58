import { createHash, timingSafeEqual } from 'node:crypto';
import type { TrustedCertificate } from '../certificate.ts';
import { Refusal } from '../refusal.ts';
import type { XmlLimits } from '../xml/limits.ts';
import { parseXml } from '../xml/parse.ts';
import { attributeOf, childOf, requiredAttribute } from '../xml/read.ts';
import { type SignatureMethod, verifyOctets } from './algorithms.ts';
import { canonicalize } from './canonical.ts';
import { readSignature, readSignedInfo } from './structure.ts';

/**
 * Verifies the signature directly below an element (XML Signature 1.1, 3.2; SAML Core 2.0, 5.4) and gives what it
 * covers, parsed from the signed octets alone: nothing beside them can be read from there, the signature itself
 * neither. References are not searched for: the octets are those of the element that is asked about. Takes the
 * signature out of the element's document.
 *
 * @returns undefined where the element carries no signature of its own
 * @throws Refusal `signature_structure`, `algorithm`, `signature` or `certificate_retired`
 */
export function verifySigned(
  element: Element,
  certificates: readonly TrustedCertificate[],
  limits: XmlLimits,
): Element | undefined {
  const signature = childOf(element, 'signature', 'Signature');
  if (signature === undefined) return undefined;
  const { signedInfo, prefixes, value } = readSignature(signature);
  const signedInfoOctets = canonicalize(signedInfo, prefixes);
  // What counts is what those octets say, however the document looked (CVE-2025-29774, CVE-2025-29775).
  const said = readSignedInfo(parseXml(signedInfoOctets, limits), requiredAttribute(element, 'ID'));
  requireSigner(said.method, signedInfoOctets, value, certificates);
  element.removeChild(signature);
  const octets = canonicalize(element, said.prefixes);
  const digest = createHash(said.digestHash).update(octets, 'utf8').digest();
  if (digest.length !== said.digest.length || !timingSafeEqual(digest, said.digest)) {
    throw new Refusal('signature', 'the content that was signed');
  }
  const alone = parseXml(octets, limits);
  const isSame =
    alone.localName === element.localName &&
    alone.namespaceURI === element.namespaceURI &&
    attributeOf(alone, 'ID') === attributeOf(element, 'ID');
  if (!isSame) throw new Refusal('signature_structure', 'the signed element');
  return alone;
}

const order = { active: 0, next: 1, retired: 2 };

/**
 * Requires that an active or next certificate made a signature over octets. Retired ones are tried last, only to
 * tell them from strangers.
 *
 * @throws Refusal `signature` or `certificate_retired`
 */
export function requireSigner(
  method: SignatureMethod,
  octets: string,
  signature: Buffer,
  certificates: readonly TrustedCertificate[],
): void {
  const signer = [...certificates]
    .sort((one, other) => order[one.state] - order[other.state])
    .find(({ key }) => verifyOctets(method, octets, key, signature));
  if (signer === undefined) {
    throw new Refusal('signature', 'a signature by an active or next certificate of this connection');
  }
  if (signer.state === 'retired') {
    throw new Refusal('certificate_retired', 'a certificate that is in use', signer.fingerprint);
  }
}
