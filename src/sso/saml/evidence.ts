import type { OwnKey, TrustedCertificate } from './certificate.ts';
import { decryptAssertion } from './decrypt.ts';
import { Refusal } from './refusal.ts';
import { verifySigned } from './signature/verify.ts';
import { decodeBase64, decodeUtf8 } from './xml/decode.ts';
import { messageLimits } from './xml/limits.ts';
import { parseXml } from './xml/parse.ts';
import { childrenOf, descendantsOf, isNamed } from './xml/read.ts';

/** What a message proves: the assertion from signed octets, and the Response around it, perhaps unsigned. */
export interface Evidence {
  /** Missing where the identity provider answered without one: its status then says why. */
  readonly assertion: Element | undefined;
  readonly response: Element;
  /** Unsigned fields of the Response may refuse a sign-in and never help it. */
  readonly responseSigned: boolean;
  readonly encrypted: boolean;
}

export interface EvidenceKeys {
  readonly certificates: readonly TrustedCertificate[];
  readonly decryptionKeys: readonly OwnKey[];
}

/**
 * Reads the value of a SAMLResponse field down to the octets that are signed. Every signature that is there has to
 * hold, and the assertion has to lie inside one.
 *
 * @throws Refusal for anything that cannot be read in exactly one way, or that nobody signed
 */
export function readEvidence(field: string, keys: EvidenceKeys): Evidence {
  const root = parseXml(decodeUtf8(decodeBase64(field, messageLimits), messageLimits));
  if (!isNamed(root, 'protocol', 'Response')) {
    throw new Refusal('message_unexpected', 'samlp:Response', root.localName ?? undefined);
  }
  requirePlaces(root);
  const signed = verifySigned(root, keys.certificates, messageLimits);
  const response = signed ?? root;
  const assertion = readAssertionElement(response, signed !== undefined, keys);
  return {
    assertion,
    response,
    responseSigned: signed !== undefined,
    encrypted: childrenOf(response, 'assertion', 'EncryptedAssertion').length > 0,
  };
}

function readAssertionElement(
  response: Element,
  responseSigned: boolean,
  keys: EvidenceKeys,
): Element | undefined {
  const [plain] = childrenOf(response, 'assertion', 'Assertion');
  if (plain !== undefined) return requireSigned(plain, responseSigned, keys);
  const [encrypted] = childrenOf(response, 'assertion', 'EncryptedAssertion');
  if (encrypted === undefined) return undefined;
  const decrypted = decryptAssertion(encrypted, keys.decryptionKeys, { insideSignature: responseSigned });
  const alone = parseXml(decrypted);
  if (!isNamed(alone, 'assertion', 'Assertion'))
    throw new Refusal('encryption', 'an encrypted saml:Assertion');
  requireAssertionPlaces(alone);
  return requireSigned(alone, responseSigned, keys);
}

function requireSigned(assertion: Element, responseSigned: boolean, { certificates }: EvidenceKeys): Element {
  const signed = verifySigned(assertion, certificates, messageLimits);
  if (signed !== undefined) return signed;
  if (responseSigned) return assertion;
  throw new Refusal('signature_missing', 'a signed Response or a signed Assertion');
}

/**
 * One assertion at most, directly in the Response, and signatures only where the schema has them. Everything that
 * wrapping attacks need (a second assertion in Extensions, Advice, Object or beside the first) is refused here,
 * before any signature is looked at.
 */
function requirePlaces(response: Element): void {
  const below = [
    ...descendantsOf(response, 'assertion', 'Assertion'),
    ...descendantsOf(response, 'assertion', 'EncryptedAssertion'),
  ];
  if (below.length > 1 || below.some((assertion) => assertion.parentNode !== response)) {
    throw new Refusal('assertion_count', 'one assertion, directly in the Response', `${below.length}`);
  }
  if (descendantsOf(response, 'protocol', 'Response').length > 0) {
    throw new Refusal('message_unexpected', 'one Response');
  }
  const places: Node[] = [response, ...childrenOf(response, 'assertion', 'Assertion')];
  requireSignaturePlaces(response, places);
}

function requireAssertionPlaces(assertion: Element): void {
  const inner = ['Assertion', 'EncryptedAssertion'].flatMap((name) =>
    descendantsOf(assertion, 'assertion', name),
  );
  if (inner.length > 0) throw new Refusal('assertion_count', 'one assertion', `${inner.length + 1}`);
  requireSignaturePlaces(assertion, [assertion]);
}

function requireSignaturePlaces(root: Element, places: readonly Node[]): void {
  const isAtPlace = ({ parentNode }: Element) => parentNode !== null && places.includes(parentNode);
  if (!descendantsOf(root, 'signature', 'Signature').every(isAtPlace)) {
    throw new Refusal('signature_structure', 'signatures directly in the Response or in the Assertion');
  }
}
