import { randomUUID } from 'node:crypto';
import { type Encrypting, encryptAssertion } from './encrypt.ts';
import { type Signing, signElement } from './signer.ts';

/** Whom an answer is for, and what it answers. */
export interface Target {
  idpEntityId: string;
  spEntityId: string;
  acsUrl: string;
  /** InResponseTo; undefined for an answer that nobody asked for. */
  requestId: string | undefined;
  /** Unix milliseconds. */
  now: number;
}

/** What an honest identity provider says, every part of which a lie can replace; undefined leaves a part out. */
export interface Said {
  responseId: string;
  assertionId: string;
  responseIssuer: string | undefined;
  issuer: string | undefined;
  destination: string | undefined;
  recipient: string | undefined;
  audiences: string[][];
  responseInResponseTo: string | undefined;
  inResponseTo: string | undefined;
  status: string;
  subStatus: string | undefined;
  issueInstant: string;
  notBefore: string | undefined;
  notOnOrAfter: string | undefined;
  confirmationNotOnOrAfter: string | undefined;
  authnInstant: string;
  sessionIndex: string;
  sessionNotOnOrAfter: string | undefined;
  contextClass: string;
  confirmationMethod: string | undefined;
  version: string;
  nameId: string;
  nameIdFormat: string;
  attributes: Record<string, string[]>;
  /** XML added to a place. */
  extraCondition: string;
  extensions: string;
  advice: string;
  withConditions: boolean;
  withAuthnStatement: boolean;
}

/** How the answer is packed. */
export interface Packing {
  signResponse?: Signing;
  signAssertion?: Signing;
  encrypt?: Encrypting;
}

export const instant = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The truth about one person, for one target (SAML Profiles 2.0, 4.1.4.2). */
export function honest(target: Target): Said {
  const { now, idpEntityId, acsUrl, spEntityId, requestId } = target;
  return {
    responseId: `_r${randomUUID()}`,
    assertionId: `_a${randomUUID()}`,
    responseIssuer: idpEntityId,
    issuer: idpEntityId,
    destination: acsUrl,
    recipient: acsUrl,
    audiences: [[spEntityId]],
    responseInResponseTo: requestId,
    inResponseTo: requestId,
    status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    subStatus: undefined,
    issueInstant: instant(now),
    sessionIndex: 's-1',
    notBefore: instant(now),
    notOnOrAfter: instant(now + 300_000),
    confirmationNotOnOrAfter: instant(now + 300_000),
    authnInstant: instant(now - 5_000),
    sessionNotOnOrAfter: instant(now + 8 * 3_600_000),
    contextClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    version: '2.0',
    nameId: 'amara-7f3c',
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    attributes: {
      'urn:oid:2.16.840.1.113730.3.1.241': ['Amara Nwosu'],
      'urn:oid:0.9.2342.19200300.100.1.3': ['amara@north.example'],
      groups: ['teachers', 'staff'],
    },
    extraCondition: '',
    extensions: '',
    advice: '',
    withConditions: true,
    withAuthnStatement: true,
  };
}

const attribute = (name: string, value: string | undefined) =>
  value === undefined ? '' : ` ${name}="${value}"`;
const wrapped = (name: string, text: string | undefined) =>
  text === undefined ? '' : `<${name}>${text}</${name}>`;

/** A saml:Assertion, unsigned. */
export function writeAssertion(said: Said): string {
  const restrictions = said.audiences.map(
    (list) =>
      `<saml:AudienceRestriction>${list.map((audience) => `<saml:Audience>${audience}</saml:Audience>`).join('')}</saml:AudienceRestriction>`,
  );
  const conditions = `<saml:Conditions${attribute('NotBefore', said.notBefore)}${attribute('NotOnOrAfter', said.notOnOrAfter)}>${restrictions.join('')}${said.extraCondition}</saml:Conditions>`;
  const confirmation =
    said.confirmationMethod === undefined
      ? ''
      : `<saml:SubjectConfirmation Method="${said.confirmationMethod}"><saml:SubjectConfirmationData${attribute('NotOnOrAfter', said.confirmationNotOnOrAfter)}${attribute('Recipient', said.recipient)}${attribute('InResponseTo', said.inResponseTo)}/></saml:SubjectConfirmation>`;
  const attributes = Object.entries(said.attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  const statement = `<saml:AuthnStatement AuthnInstant="${said.authnInstant}" SessionIndex="${said.sessionIndex}"${attribute('SessionNotOnOrAfter', said.sessionNotOnOrAfter)}><saml:AuthnContext><saml:AuthnContextClassRef>${said.contextClass}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${said.assertionId}" Version="${said.version}" IssueInstant="${said.issueInstant}">${wrapped('saml:Issuer', said.issuer)}<saml:Subject><saml:NameID Format="${said.nameIdFormat}">${said.nameId}</saml:NameID>${confirmation}</saml:Subject>${said.withConditions ? conditions : ''}${said.advice}${said.withAuthnStatement ? statement : ''}<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`;
}

/** A samlp:Response around anything, unsigned. */
export function writeResponse(said: Said, content: string): string {
  const sub = said.subStatus === undefined ? '' : `<samlp:StatusCode Value="${said.subStatus}"/>`;
  const issuer = wrapped('saml:Issuer', said.responseIssuer);
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${said.responseId}" Version="${said.version}" IssueInstant="${said.issueInstant}"${attribute('Destination', said.destination)}${attribute('InResponseTo', said.responseInResponseTo)}>${issuer}${said.extensions}<samlp:Status><samlp:StatusCode Value="${said.status}">${sub}</samlp:StatusCode></samlp:Status>${content}</samlp:Response>`;
}

/** A whole answer as XML: the assertion signed, encrypted, put into a Response, and that signed. */
export function answer(said: Said, { signAssertion, encrypt, signResponse }: Packing): string {
  const plain = writeAssertion(said);
  const signed = signAssertion === undefined ? plain : signElement(plain, said.assertionId, signAssertion);
  const inside = encrypt === undefined ? signed : encryptAssertion(signed, encrypt);
  const response = writeResponse(said, inside);
  return signResponse === undefined ? response : signElement(response, said.responseId, signResponse);
}

/** The value of the form's SAMLResponse field. */
export const field = (xml: string) => Buffer.from(xml).toString('base64');
