import { Refusal } from '../refusal.ts';
import { decodeBase64 } from '../xml/decode.ts';
import { messageLimits } from '../xml/limits.ts';
import { enveloped, namespaces } from '../xml/names.ts';
import { attributeOf, elementsOf, isNamed, nodesOf, requiredAttribute } from '../xml/read.ts';
import { digestMethods, type SignatureMethod, signatureMethods } from './algorithms.ts';

const idForm = /^[A-Za-z_][\w.-]{0,255}$/;

/** A signature as it stands in a document; nothing in it is believed yet. */
export interface OuterSignature {
  readonly signedInfo: Element;
  /** InclusiveNamespaces of its CanonicalizationMethod. */
  readonly prefixes: readonly string[];
  readonly value: Buffer;
}

/** What signed octets of SignedInfo say. */
export interface SignedInfo {
  readonly method: SignatureMethod;
  readonly digestHash: SignatureMethod['hash'];
  readonly digest: Buffer;
  /** InclusiveNamespaces of the exclusive transform. */
  readonly prefixes: readonly string[];
}

/** Reads SignedInfo and SignatureValue, with KeyInfo at most beside them: it is not looked into. */
export function readSignature(signature: Element): OuterSignature {
  const [signedInfo, value, keyInfo, ...more] = elementsOf(signature);
  requirePlain(signature);
  if (!isOne(signedInfo, 'SignedInfo') || !isOne(value, 'SignatureValue')) throw refuse(signature);
  if (more.length > 0 || (keyInfo !== undefined && !isOne(keyInfo, 'KeyInfo'))) throw refuse(signature);
  const [canonicalization] = elementsOf(signedInfo);
  if (!isOne(canonicalization, 'CanonicalizationMethod')) throw refuse(signedInfo);
  requireDeepPlain(signedInfo);
  return { signedInfo, prefixes: readExclusive(canonicalization), value: readValue(value) };
}

/**
 * Holds SignedInfo against the one form that SAML allows (SAML Core 2.0, 5.4): exactly one reference, to the element
 * that the signature lies in, by its ID; the enveloped and the exclusive transform, in this order; known algorithms;
 * nothing that could be read in two ways.
 */
export function readSignedInfo(signedInfo: Element, id: string): SignedInfo {
  const [canonicalization, method, reference, ...more] = elementsOf(signedInfo);
  if (!isOne(canonicalization, 'CanonicalizationMethod') || !isOne(method, 'SignatureMethod'))
    throw refuse(signedInfo);
  if (!isOne(reference, 'Reference') || more.length > 0) throw refuse(signedInfo);
  readExclusive(canonicalization);
  const [transforms, digestMethod, digest, ...others] = elementsOf(reference);
  if (!idForm.test(id) || attributeOf(reference, 'URI') !== `#${id}`) throw refuse(reference);
  if (!isOne(transforms, 'Transforms') || !isOne(digestMethod, 'DigestMethod')) throw refuse(reference);
  if (!isOne(digest, 'DigestValue') || others.length > 0) throw refuse(reference);
  const [first, second, ...furtherTransforms] = elementsOf(transforms);
  if (!isOne(first, 'Transform') || !isOne(second, 'Transform') || furtherTransforms.length > 0)
    throw refuse(transforms);
  if (attributeOf(first, 'Algorithm') !== enveloped || first.firstChild !== null) throw refuse(first);
  return {
    method: algorithmOf(method, signatureMethods),
    digestHash: algorithmOf(digestMethod, digestMethods),
    digest: readValue(digest),
    prefixes: readExclusive(second),
  };
}

/** Exclusive canonicalisation without comments; a list of prefixes is all that may be said about it. */
function readExclusive(element: Element): string[] {
  const [list, ...more] = elementsOf(element);
  if (attributeOf(element, 'Algorithm') !== namespaces.exclusive || more.length > 0) throw refuse(element);
  if (list === undefined) return [];
  const isList = list.localName === 'InclusiveNamespaces' && list.namespaceURI === namespaces.exclusive;
  if (!isList || list.firstChild !== null) throw refuse(element);
  return (attributeOf(list, 'PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '');
}

function algorithmOf<Method>(element: Element, allowed: Readonly<Record<string, Method>>): Method {
  const algorithm = requiredAttribute(element, 'Algorithm');
  const method = Object.hasOwn(allowed, algorithm) ? allowed[algorithm] : undefined;
  if (method === undefined) throw new Refusal('algorithm', Object.keys(allowed).join(', '), algorithm);
  if (element.firstChild !== null) throw refuse(element);
  return method;
}

function readValue(element: Element): Buffer {
  requirePlain(element);
  if (elementsOf(element).length > 0) throw refuse(element);
  return decodeBase64((element.textContent ?? '').replace(/[\t ]/g, ''), messageLimits);
}

/** Nothing but elements and text: a comment in a value is read differently by different readers. */
function requirePlain(element: Element): void {
  const isPlain = nodesOf(element).every(
    (node) => node.nodeType === node.ELEMENT_NODE || node.nodeType === node.TEXT_NODE,
  );
  if (!isPlain) throw refuse(element);
}

function requireDeepPlain(element: Element): void {
  requirePlain(element);
  for (const child of elementsOf(element)) requireDeepPlain(child);
}

function isOne(element: Element | undefined, name: string): element is Element {
  return element !== undefined && isNamed(element, 'signature', name);
}

function refuse(element: Element): Refusal {
  const rule = 'one reference to the element around the signature, enveloped and exclusive c14n';
  return new Refusal('signature_structure', rule, element.localName);
}
