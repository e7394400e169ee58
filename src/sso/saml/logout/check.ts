import { type SamlConnection, skewOf } from '../connection.ts';
import { check, type SamlCheck, shown } from '../rules/facts.ts';
import type { LogoutMessage } from './read.ts';

/** A logout message older than this is refused; also bounds how long its ID has to be remembered. */
export const logoutLife = 10 * 60_000;

/** A LogoutRequest of ours that is still open. */
export interface StoredLogout {
  readonly id: string;
  readonly connectionId: string;
  readonly expiresAt: Date;
}

/** Holds a verified logout message against what is expected of it (SAML Profiles 2.0, 4.4.4; SAML Core 2.0, 3.7). Pure. */
export function checkLogout(
  message: LogoutMessage,
  connection: SamlConnection,
  stored: StoredLogout | undefined,
  now: number,
): SamlCheck[] {
  const { identityProvider, serviceProvider } = connection;
  const skew = skewOf(connection);
  const { issueInstant, destination } = message;
  const isTimely =
    issueInstant !== undefined && issueInstant <= now + skew && now - skew < issueInstant + logoutLife;
  return [
    check('version', message.version === '2.0', '2.0', message.version),
    check('issuer', message.issuer === identityProvider.entityId, identityProvider.entityId, message.issuer),
    check('destination', destination === serviceProvider.sloUrl, serviceProvider.sloUrl, destination),
    check('issue_instant', isTimely, `within ten minutes of ${shown(now)}`, shown(issueInstant)),
    ...(message.kind === 'request'
      ? checkRequest(message, now - skew)
      : checkResponse(message, connection, stored, now - skew)),
  ];
}

function checkRequest({ notOnOrAfter, nameId }: LogoutMessage, earliest: number): SamlCheck[] {
  const isNamed = nameId !== undefined && nameId.value !== '';
  const named = check('name_id', isNamed, 'a NameID', undefined);
  if (notOnOrAfter === undefined) return [named];
  return [
    named,
    check('not_on_or_after', earliest < notOnOrAfter, `after ${shown(earliest)}`, shown(notOnOrAfter)),
  ];
}

function checkResponse(
  { inResponseTo }: LogoutMessage,
  { id }: SamlConnection,
  stored: StoredLogout | undefined,
  earliest: number,
): SamlCheck[] {
  const isAnswer = stored !== undefined && stored.id === inResponseTo;
  const answers = check(
    'in_response_to',
    isAnswer,
    stored?.id ?? 'an open logout of this browser',
    inResponseTo,
  );
  if (stored === undefined) return [answers];
  const expires = stored.expiresAt.getTime();
  return [
    answers,
    check('request_connection', stored.connectionId === id, id, stored.connectionId),
    check('request_expired', earliest < expires, `an answer before ${shown(expires)}`, undefined),
  ];
}
