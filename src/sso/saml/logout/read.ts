import { type NameId, readNameId } from '../assertion.ts';
import type { SamlConnection } from '../connection.ts';
import { Refusal } from '../refusal.ts';
import { type MessageParameter, verifyQuery } from '../signature/query.ts';
import { verifySigned } from '../signature/verify.ts';
import { decodeBase64, decodeUtf8, inflate } from '../xml/decode.ts';
import { messageLimits } from '../xml/limits.ts';
import { parseXml } from '../xml/parse.ts';
import { attributeOf, childOf, childrenOf, isNamed, requiredAttribute, textOf } from '../xml/read.ts';
import { readInstant } from '../xml/time.ts';

/** What arrived at the single logout service: the query as it stood in the request line, or the fields of a form. */
export type LogoutInput =
  | { readonly binding: 'redirect'; readonly query: string }
  | {
      readonly binding: 'post';
      readonly fields: { readonly [Name in MessageParameter | 'RelayState']?: string | undefined };
    };

export interface LogoutMessage {
  readonly kind: 'request' | 'response';
  readonly id: string;
  readonly version: string | undefined;
  readonly issuer: string | undefined;
  readonly issueInstant: number | undefined;
  readonly destination: string | undefined;
  readonly relayState: string | undefined;
  /** Of a request. */
  readonly notOnOrAfter: number | undefined;
  readonly nameId: NameId | undefined;
  /** Of a request: the sessions meant; none means all of that person. */
  readonly sessionIndexes: readonly string[];
  /** Of a response. */
  readonly inResponseTo: string | undefined;
  readonly status: string | undefined;
}

/**
 * Reads a LogoutRequest or LogoutResponse (SAML Core 2.0, 3.7) whose signature holds; the profile allows no unsigned
 * ones over these bindings (SAML Profiles 2.0, 4.4.3.1 and 4.4.4.1).
 *
 * @throws Refusal for anything that cannot be read or that nobody signed
 */
export function readLogout(input: LogoutInput, connection: SamlConnection): LogoutMessage {
  return input.binding === 'redirect'
    ? readRedirect(input.query, connection)
    : readForm(input.fields, connection);
}

function readRedirect(query: string, { identityProvider }: SamlConnection): LogoutMessage {
  const { parameter, message, relayState } = verifyQuery(query, identityProvider.certificates);
  const octets = inflate(decodeBase64(message, messageLimits), messageLimits);
  return readMessage(parseXml(decodeUtf8(octets, messageLimits)), parameter, relayState);
}

function readForm(
  fields: Extract<LogoutInput, { binding: 'post' }>['fields'],
  { identityProvider }: SamlConnection,
): LogoutMessage {
  const { SAMLRequest, SAMLResponse } = fields;
  const field = SAMLRequest ?? SAMLResponse;
  if (field === undefined) throw new Refusal('message_missing', 'SAMLRequest or SAMLResponse');
  if (SAMLRequest !== undefined && SAMLResponse !== undefined) {
    throw new Refusal('message_unexpected', 'one of SAMLRequest and SAMLResponse');
  }
  const text = decodeUtf8(decodeBase64(field, messageLimits), messageLimits);
  const signed = verifySigned(parseXml(text), identityProvider.certificates, messageLimits);
  if (signed === undefined) throw new Refusal('signature_missing', 'a signed logout message');
  const parameter = SAMLRequest === undefined ? 'SAMLResponse' : 'SAMLRequest';
  return readMessage(signed, parameter, fields.RelayState);
}

function readMessage(
  root: Element,
  parameter: MessageParameter,
  relayState: string | undefined,
): LogoutMessage {
  const kind = parameter === 'SAMLRequest' ? 'request' : 'response';
  const expected = kind === 'request' ? 'LogoutRequest' : 'LogoutResponse';
  if (!isNamed(root, 'protocol', expected)) {
    throw new Refusal('message_unexpected', `samlp:${expected}`, root.localName);
  }
  if (childOf(root, 'assertion', 'EncryptedID') !== undefined) {
    throw new Refusal('encryption', 'NameID, not EncryptedID');
  }
  const status = childOf(root, 'protocol', 'Status');
  return {
    kind,
    id: requiredAttribute(root, 'ID'),
    version: attributeOf(root, 'Version'),
    issuer: textOf(childOf(root, 'assertion', 'Issuer')),
    issueInstant: readInstant(attributeOf(root, 'IssueInstant')),
    destination: attributeOf(root, 'Destination'),
    relayState,
    notOnOrAfter: readInstant(attributeOf(root, 'NotOnOrAfter')),
    nameId: readNameId(root),
    sessionIndexes: childrenOf(root, 'protocol', 'SessionIndex').map((index) => textOf(index) ?? ''),
    inResponseTo: attributeOf(root, 'InResponseTo'),
    status: attributeOf(status && childOf(status, 'protocol', 'StatusCode'), 'Value'),
  };
}
