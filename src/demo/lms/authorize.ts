import type { PendingLaunch } from './launches.ts';
import { loginHintOf } from './launches.ts';
import type { ToolRegistration } from './registration.ts';

/** Parameters as they came; an array where one was repeated. */
export type AuthorizeParameters = Readonly<Record<string, unknown>>;

export interface AuthorizeFacts {
  registrations: readonly ToolRegistration[];
  findLaunch: (messageHint: string) => PendingLaunch | undefined;
  /** The LMS session of the browser that asks. */
  sessionId: string | undefined;
}

export type AuthorizeDecision =
  /** Nothing may be sent to the redirect URI: a page for the person. */
  | { kind: 'refuse'; reason: string }
  /** An OpenID Connect error response for the tool. */
  | { kind: 'error'; redirectUri: string; fields: Record<string, string> }
  | {
      kind: 'answer';
      redirectUri: string;
      state: string | undefined;
      nonce: string;
      messageHint: string;
      launch: PendingLaunch;
    };

/** Decides an authentication request. Security Framework 1.0 §5.1.1.2, OpenID Connect Core §3.1.2. */
export function decideAuthorize(parameters: AuthorizeParameters, facts: AuthorizeFacts): AuthorizeDecision {
  const clientId = single(parameters.client_id);
  const redirectUri = single(parameters.redirect_uri);
  const registration = facts.registrations.find((candidate) => candidate.clientId === clientId);
  if (!registration) return { kind: 'refuse', reason: 'The client_id is not registered with this LMS.' };
  // OpenID Connect Core §3.1.2.1: simple string comparison, before anything is sent anywhere.
  if (redirectUri === undefined || !registration.redirectUris.includes(redirectUri)) {
    return { kind: 'refuse', reason: 'The redirect_uri is not one that the tool registered.' };
  }
  const state = single(parameters.state);
  const fail = (error: string, description: string): AuthorizeDecision => ({
    kind: 'error',
    redirectUri,
    fields: { error, error_description: description, ...(state === undefined ? {} : { state }) },
  });

  const malformed = findMalformed(parameters);
  if (malformed) return fail(malformed.error, malformed.description);

  const messageHint = single(parameters.lti_message_hint) ?? '';
  const launch = facts.findLaunch(messageHint);
  if (!launch) return fail('invalid_request', 'The lti_message_hint is unknown, used or expired.');
  if (launch.clientId !== clientId) {
    return fail('unauthorized_client', 'The lti_message_hint was issued to another client.');
  }
  // Security Framework §5.1.1.3: the person signed in must be the one the login was started for.
  if (single(parameters.login_hint) !== loginHintOf(launch.person.id)) {
    return fail('login_required', 'The login_hint names another person.');
  }
  if (launch.sessionId !== undefined && launch.sessionId !== facts.sessionId) {
    return fail('login_required', 'This browser is not the one that started the launch.');
  }
  return { kind: 'answer', redirectUri, state, nonce: single(parameters.nonce) ?? '', messageHint, launch };
}

function findMalformed(parameters: AuthorizeParameters): { error: string; description: string } | undefined {
  for (const [name, value] of Object.entries(parameters)) {
    // OAuth 2.0 (RFC 6749) §3.1: parameters must not be included more than once.
    if (typeof value !== 'string') return invalid(`${name} must be given once.`);
  }
  if (parameters.response_type !== 'id_token') {
    return { error: 'unsupported_response_type', description: 'response_type must be id_token.' };
  }
  // Security Framework §5.1.1.2: the scope is exactly openid.
  if (parameters.scope !== 'openid') return { error: 'invalid_scope', description: 'scope must be openid.' };
  if (parameters.response_mode !== 'form_post') return invalid('response_mode must be form_post.');
  if (parameters.prompt !== 'none') return invalid('prompt must be none.');
  if (!parameters.nonce) return invalid('nonce is missing.');
  if (!parameters.login_hint) return invalid('login_hint is missing.');
  if (!parameters.lti_message_hint) return invalid('lti_message_hint is missing.');
  return undefined;
}

function invalid(description: string): { error: string; description: string } {
  return { error: 'invalid_request', description };
}

function single(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
