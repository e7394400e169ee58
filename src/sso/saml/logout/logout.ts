import type { NameId } from '../assertion.ts';
import type { OneTime } from '../check.ts';
import { chooseEndpoint, requireSigningKey, type SamlConnection, skewOf } from '../connection.ts';
import { newMessageId, type Outgoing, pack } from '../message.ts';
import type { SamlReason } from '../reasons.ts';
import { Refusal } from '../refusal.ts';
import type { SamlCheck } from '../rules/facts.ts';
import { statusSuccess } from '../xml/names.ts';
import { checkLogout, logoutLife, type StoredLogout } from './check.ts';
import { type LogoutInput, type LogoutMessage, readLogout } from './read.ts';
import { type LogoutOutcome, type PartnerSession, writeLogoutRequest, writeLogoutResponse } from './write.ts';

export type ReceivedLogout =
  | {
      readonly accepted: true;
      readonly kind: 'request';
      readonly id: string;
      readonly nameId: NameId;
      /** Empty: every session of this name. */
      readonly sessionIndexes: readonly string[];
      readonly relayState: string | undefined;
      readonly checks: readonly SamlCheck[];
      readonly oneTime: OneTime;
    }
  | {
      readonly accepted: true;
      readonly kind: 'response';
      /** Whether the other side says that everything ended. */
      readonly complete: boolean;
      readonly relayState: string | undefined;
      readonly checks: readonly SamlCheck[];
    }
  | { readonly accepted: false; readonly reason: SamlReason; readonly checks: readonly SamlCheck[] };

export interface StartedLogout {
  readonly stored: StoredLogout;
  readonly outgoing: Outgoing;
}

/**
 * A signed LogoutRequest for one session of ours, or undefined where the other side offers no logout or the sign-in
 * came without a NameID: then only our own session ends.
 *
 * @throws DomainError `saml_key_missing` when the connection has no active signing key
 */
export function startLogout(
  connection: SamlConnection,
  session: PartnerSession | undefined,
  { now, relayState }: { now: number; relayState?: string },
): StartedLogout | undefined {
  const endpoint = chooseEndpoint(connection.identityProvider.singleLogout);
  if (endpoint === undefined || session?.nameId === undefined) return undefined;
  const head = { id: newMessageId(), issuedAt: new Date(now), destination: endpoint.location };
  const document = writeLogoutRequest(connection, head, session);
  const outgoing = pack('SAMLRequest', { id: head.id, document }, endpoint, {
    key: requireSigningKey(connection.serviceProvider),
    relayState,
  });
  return {
    stored: { id: head.id, connectionId: connection.id, expiresAt: new Date(now + logoutLife) },
    outgoing,
  };
}

/** Reads, verifies and judges what arrived at the single logout service of a connection. */
export function receiveLogout(
  input: LogoutInput,
  connection: SamlConnection,
  stored: StoredLogout | undefined,
  now: number,
): ReceivedLogout {
  let message: LogoutMessage;
  try {
    message = readLogout(input, connection);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { accepted: false, reason: error.reason, checks: [error.check()] };
  }
  const checks = checkLogout(message, connection, stored, now);
  const broken = checks.find(({ passed }) => !passed);
  if (broken !== undefined) return { accepted: false, reason: broken.rule, checks };
  const { relayState, nameId, id, sessionIndexes } = message;
  if (message.kind === 'response' || nameId === undefined) {
    return {
      accepted: true,
      kind: 'response',
      complete: message.status === statusSuccess,
      relayState,
      checks,
    };
  }
  const expires = new Date((message.issueInstant ?? now) + logoutLife + skewOf(connection));
  return {
    accepted: true,
    kind: 'request',
    id,
    nameId,
    sessionIndexes,
    relayState,
    checks,
    oneTime: { id, expires },
  };
}

/**
 * The signed answer to an accepted LogoutRequest, or undefined where the other side offers no address for it.
 *
 * @throws DomainError `saml_key_missing` when the connection has no active signing key
 */
export function answerLogout(
  connection: SamlConnection,
  request: Pick<Extract<ReceivedLogout, { kind: 'request' }>, 'id' | 'relayState'>,
  outcome: LogoutOutcome,
  now: number,
): Outgoing | undefined {
  const endpoint = chooseEndpoint(connection.identityProvider.singleLogout);
  if (endpoint === undefined) return undefined;
  const location = endpoint.responseLocation ?? endpoint.location;
  const head = { id: newMessageId(), issuedAt: new Date(now), destination: location };
  const document = writeLogoutResponse(connection, head, request.id, outcome);
  const { relayState } = request;
  return pack(
    'SAMLResponse',
    { id: head.id, document },
    { ...endpoint, location },
    {
      key: requireSigningKey(connection.serviceProvider),
      relayState,
    },
  );
}
