import { Refusal } from './refusal.ts';
import { namespaces } from './xml/names.ts';
import { attributeOf, childOf, childrenOf, elementsOf, requiredAttribute, textOf } from './xml/read.ts';
import { readInstant } from './xml/time.ts';

export interface NameId {
  readonly value: string;
  readonly format: string | undefined;
  readonly nameQualifier: string | undefined;
  readonly spNameQualifier: string | undefined;
}

/** Instants are Unix milliseconds, NaN where they cannot be read (see readInstant). */
export interface SubjectConfirmation {
  readonly method: string | undefined;
  readonly hasData: boolean;
  readonly recipient: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly notBefore: number | undefined;
  readonly notOnOrAfter: number | undefined;
}

export interface AuthnStatement {
  readonly authnInstant: number | undefined;
  readonly sessionNotOnOrAfter: number | undefined;
  readonly sessionIndex: string | undefined;
  readonly contextClass: string | undefined;
}

export interface Assertion {
  readonly id: string;
  readonly version: string | undefined;
  readonly issuer: string | undefined;
  readonly issueInstant: number | undefined;
  readonly nameId: NameId | undefined;
  readonly encryptedId: boolean;
  readonly confirmations: readonly SubjectConfirmation[];
  readonly conditions:
    | {
        readonly notBefore: number | undefined;
        readonly notOnOrAfter: number | undefined;
        /** One list per AudienceRestriction: all of them have to name us. */
        readonly audiences: readonly (readonly string[])[];
        /** Conditions that we do not know, by name. */
        readonly unknown: readonly string[];
      }
    | undefined;
  readonly authnStatements: readonly AuthnStatement[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

const knownConditions = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

/** Reads a saml:Assertion (SAML Core 2.0, 2.3.3) from signed octets; nothing is judged yet. */
export function readAssertion(element: Element): Assertion {
  const subject = childOf(element, 'assertion', 'Subject');
  const id = requiredAttribute(element, 'ID');
  if (id.length > 256) throw new Refusal('message_unexpected', 'an assertion ID of 256 characters at most');
  return {
    id,
    version: attributeOf(element, 'Version'),
    issuer: textOf(childOf(element, 'assertion', 'Issuer')),
    issueInstant: readInstant(attributeOf(element, 'IssueInstant')),
    nameId: subject && readNameId(subject),
    encryptedId: subject !== undefined && childOf(subject, 'assertion', 'EncryptedID') !== undefined,
    confirmations: subject
      ? childrenOf(subject, 'assertion', 'SubjectConfirmation').map(readConfirmation)
      : [],
    conditions: readConditions(childOf(element, 'assertion', 'Conditions')),
    authnStatements: childrenOf(element, 'assertion', 'AuthnStatement').map(readAuthnStatement),
    attributes: readAttributes(element),
  };
}

/** The NameID directly below an element (SAML Core 2.0, 2.2.3). */
export function readNameId(parent: Element): NameId | undefined {
  const element = childOf(parent, 'assertion', 'NameID');
  if (element === undefined) return undefined;
  if (elementsOf(element).length > 0) throw new Refusal('name_id', 'text alone in NameID');
  return {
    value: textOf(element) ?? '',
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  };
}

function readConfirmation(element: Element): SubjectConfirmation {
  const data = childOf(element, 'assertion', 'SubjectConfirmationData');
  return {
    method: attributeOf(element, 'Method'),
    hasData: data !== undefined,
    recipient: attributeOf(data, 'Recipient'),
    inResponseTo: attributeOf(data, 'InResponseTo'),
    notBefore: readInstant(attributeOf(data, 'NotBefore')),
    notOnOrAfter: readInstant(attributeOf(data, 'NotOnOrAfter')),
  };
}

function readConditions(element: Element | undefined): Assertion['conditions'] {
  if (element === undefined) return undefined;
  const isKnown = (child: Element) =>
    child.namespaceURI === namespaces.assertion && knownConditions.includes(child.localName);
  return {
    notBefore: readInstant(attributeOf(element, 'NotBefore')),
    notOnOrAfter: readInstant(attributeOf(element, 'NotOnOrAfter')),
    audiences: childrenOf(element, 'assertion', 'AudienceRestriction').map((restriction) =>
      childrenOf(restriction, 'assertion', 'Audience').map((audience) => textOf(audience) ?? ''),
    ),
    unknown: elementsOf(element)
      .filter((child) => !isKnown(child))
      .map((child) => child.localName),
  };
}

function readAuthnStatement(element: Element): AuthnStatement {
  const context = childOf(element, 'assertion', 'AuthnContext');
  return {
    authnInstant: readInstant(attributeOf(element, 'AuthnInstant')),
    sessionNotOnOrAfter: readInstant(attributeOf(element, 'SessionNotOnOrAfter')),
    sessionIndex: attributeOf(element, 'SessionIndex'),
    contextClass: context && textOf(childOf(context, 'assertion', 'AuthnContextClassRef')),
  };
}

/** By Name alone: a FriendlyName identifies nothing (SAML Core 2.0, 2.7.3.1). Empty values say nothing. */
function readAttributes(assertion: Element): Record<string, string[]> {
  const attributes = new Map<string, string[]>();
  for (const statement of childrenOf(assertion, 'assertion', 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, 'assertion', 'Attribute')) {
      const name = requiredAttribute(attribute, 'Name');
      const values = childrenOf(attribute, 'assertion', 'AttributeValue')
        .map((value) => textOf(value) ?? '')
        .filter((value) => value !== '');
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  return Object.fromEntries(attributes);
}
