import { statusSuccess } from '../xml/names.ts';
import { check, type Facts, type ResponseFields, type SamlCheck } from './facts.ts';

type ResponseFacts = Pick<Facts, 'connection' | 'request' | 'now' | 'skew'> & {
  readonly response: ResponseFields;
};

/** What the Response itself has to say (SAML Core 2.0, 3.2.2; SAML Profiles 2.0, 4.1.4.2). */
export function checkResponse({ response, connection, request, now, skew }: ResponseFacts): SamlCheck[] {
  const { acsUrl } = connection.serviceProvider;
  const status = [response.status, response.subStatus];
  const checks = [
    check('version', response.version === '2.0', '2.0', response.version),
    check('status', response.status === statusSuccess, statusSuccess, status),
    check('destination', isDestination(response, acsUrl), acsUrl, response.destination),
    checkAskedFor(connection.allowUnsolicited, request !== undefined, response.inResponseTo),
  ];
  if (request === undefined) return checks;
  const expires = request.expiresAt.toISOString();
  return [
    ...checks,
    check('request_connection', request.connectionId === connection.id, connection.id, request.connectionId),
    check(
      'request_expired',
      now - skew < request.expiresAt.getTime(),
      `an answer before ${expires}`,
      undefined,
    ),
  ];
}

/** A signed Response has to say where it goes (SAML Bindings 2.0, 3.5.5.2); an unsigned one may leave it out. */
function isDestination({ destination, signed }: ResponseFields, acsUrl: string): boolean {
  return destination === undefined || destination === '' ? !signed : destination === acsUrl;
}

/**
 * Without a request of this browser an answer counts only where the connection allows sign-ins to begin elsewhere.
 * An answer to some other request is left to `in_response_to`, which refuses it in any case.
 */
function checkAskedFor(allowed: boolean, asked: boolean, inResponseTo: string | undefined): SamlCheck {
  const passed = asked || allowed || inResponseTo !== undefined;
  return check('unsolicited', passed, 'a sign-in that began here', passed ? undefined : 'no InResponseTo');
}
