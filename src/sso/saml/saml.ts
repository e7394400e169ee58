import { DomainError } from '../../platform/errors.ts';
import type { Check } from '../sign-in.ts';
import { readAssertion } from './assertion.ts';
import { writeAuthnRequest } from './authn-request.ts';
import { type CheckedSignIn, checkSignIn } from './check.ts';
import {
  chooseEndpoint,
  requireSigningKey,
  type SamlConnection,
  type StoredRequest,
  skewOf,
} from './connection.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { newMessageId, type Outgoing, pack } from './message.ts';
import { Refusal } from './refusal.ts';
import { check, type ResponseFields } from './rules/facts.ts';
import { checkResponse } from './rules/response.ts';
import { attributeOf, childOf, textOf } from './xml/read.ts';

export interface StartedSignIn {
  /** To be kept until the answer comes, bound to the browser. */
  readonly stored: StoredRequest;
  readonly outgoing: Outgoing;
}

/** How long a person may take to sign in at the identity provider. */
const requestLife = 15 * 60_000;

/**
 * An AuthnRequest on its way to the identity provider (SAML Profiles 2.0, 4.1.4.1).
 *
 * @param relayState an opaque handle of at most 80 bytes, never an address
 * @throws DomainError `saml_endpoint_missing` or `saml_key_missing` when the connection lacks one
 */
export function startSignIn(
  connection: SamlConnection,
  {
    now,
    relayState,
    forceAuthn = connection.forceAuthn,
  }: { now: number; relayState?: string; forceAuthn?: boolean },
): StartedSignIn {
  const endpoint = chooseEndpoint(connection.identityProvider.singleSignOn);
  if (endpoint === undefined) {
    const advice = 'The identity provider has no sign-in address over HTTP-Redirect or HTTP-POST. Enter one.';
    throw new DomainError('conflict', 'saml_endpoint_missing', advice);
  }
  const key = connection.signRequests ? requireSigningKey(connection.serviceProvider) : undefined;
  const stored: StoredRequest = {
    id: newMessageId(),
    connectionId: connection.id,
    issuedAt: new Date(now),
    expiresAt: new Date(now + requestLife),
    forceAuthn,
    requestedAuthnContext: connection.requestedAuthnContext,
  };
  const document = writeAuthnRequest(connection, stored, endpoint.location);
  return {
    stored,
    outgoing: pack('SAMLRequest', { id: stored.id, document }, endpoint, { key, relayState }),
  };
}

export interface ReceivedResponse {
  readonly connection: SamlConnection;
  /** The fields of the form that was posted, as they came. */
  readonly fields: { readonly SAMLResponse?: string | undefined };
  /** The open request that this browser's cookie and RelayState lead to, if any. */
  readonly request: StoredRequest | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Everything between a posted form and a person: reads, verifies, decrypts, and holds the signed octets against
 * every rule. What is accepted counts only after its `oneTime` was stored as new; see refuseAsReplay.
 */
export function receiveResponse({ connection, fields, request, now }: ReceivedResponse): CheckedSignIn {
  try {
    if (!fields.SAMLResponse) throw new Refusal('message_missing', 'SAMLResponse');
    const { identityProvider, serviceProvider } = connection;
    const { certificates } = identityProvider;
    const evidence = readEvidence(fields.SAMLResponse, {
      certificates,
      decryptionKeys: serviceProvider.decryptionKeys,
    });
    return judge(evidence, { connection, request, now, skew: skewOf(connection) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { accepted: false, reason: error.reason, checks: [error.check()] };
  }
}

/** The result for an accepted message whose `oneTime` was there already. */
export function refuseAsReplay({ checks }: { readonly checks: readonly Check[] }): CheckedSignIn {
  const replay = check('replay', false, 'a message that was not used before', undefined);
  return { accepted: false, reason: 'replay', checks: [...checks, replay] };
}

interface Expected {
  readonly connection: SamlConnection;
  readonly request: StoredRequest | undefined;
  readonly now: number;
  readonly skew: number;
}

/** The signatures hold; without an assertion the status has to say why there is none. */
function judge(evidence: Evidence, expected: Expected): CheckedSignIn {
  const response = readResponse(evidence);
  const trusted = [
    check('signature', true, 'a signature by a certificate of this connection', undefined),
    ...(evidence.encrypted
      ? [check('encryption', true, 'decrypted by a key of this connection', undefined)]
      : []),
  ];
  if (evidence.assertion === undefined) {
    const checks = checkResponse({ ...expected, response });
    const status = checks.find(({ rule, passed }) => rule === 'status' && !passed);
    const missing = check('assertion_count', false, 'one assertion, directly in the Response', '0');
    return { accepted: false, reason: status?.rule ?? missing.rule, checks: [...checks, missing] };
  }
  const result = checkSignIn({ ...expected, assertion: readAssertion(evidence.assertion), response });
  return { ...result, checks: [...trusted, ...result.checks] };
}

function readResponse({ response, responseSigned }: Evidence): ResponseFields {
  const status = childOf(response, 'protocol', 'Status');
  const code = status && childOf(status, 'protocol', 'StatusCode');
  return {
    signed: responseSigned,
    version: attributeOf(response, 'Version'),
    issuer: textOf(childOf(response, 'assertion', 'Issuer')),
    destination: attributeOf(response, 'Destination'),
    inResponseTo: attributeOf(response, 'InResponseTo'),
    status: attributeOf(code, 'Value'),
    subStatus: attributeOf(code && childOf(code, 'protocol', 'StatusCode'), 'Value'),
  };
}
