import { type Payload, text } from '../claims.ts';
import type { ReasonCode } from '../reasons.ts';

/** An authentication request of a tool (Security Framework 1.0 §5.1.1.2). */
export interface AuthorizeRequest {
  clientId: string | undefined;
  redirectUri: string | undefined;
  /** Returned untouched. */
  state: string | undefined;
  nonce: string | undefined;
  loginHint: string | undefined;
  messageHint: string | undefined;
  /** The first rule of the message that is broken, apart from client and redirect URI. */
  fault: ReasonCode | undefined;
}

/** Longest state and nonce, in characters: some tools keep a whole request in the state. */
const longestState = 16_000;
const longestNonce = 1_000;

/** Reads the request; a parameter sent twice counts as missing (RFC 6749 §3.1). */
export function parseAuthorizeRequest(input: Payload): AuthorizeRequest {
  return {
    clientId: text(input.client_id, 255),
    redirectUri: text(input.redirect_uri),
    state: typeof input.state === 'string' && input.state.length <= longestState ? input.state : undefined,
    nonce: text(input.nonce, longestNonce),
    loginHint: text(input.login_hint, 500),
    messageHint: text(input.lti_message_hint, 500),
    fault: findFault(input),
  };
}

function findFault(input: Payload): ReasonCode | undefined {
  const scopes = text(input.scope)?.split(' ') ?? [];
  if (!scopes.includes('openid')) return 'scope_invalid';
  if (input.response_type !== 'id_token') return 'response_type_unsupported';
  if (input.response_mode !== 'form_post') return 'response_mode_invalid';
  if (input.prompt !== 'none') return 'prompt_invalid';
  if (typeof input.nonce !== 'string' || input.nonce === '') return 'nonce_missing_from_tool';
  if (text(input.nonce, longestNonce) === undefined) return 'nonce_invalid_from_tool';
  // OpenID Connect Core 1.0 §3.1.2.5: a state goes back; an answer without it is one that the tool cannot take.
  if (typeof input.state === 'string' && input.state.length > longestState) return 'state_too_long';
  if (text(input.login_hint, 500) === undefined) return 'login_hint_mismatch';
  return undefined;
}

/** What a tool is told (OpenID Connect Core 1.0 §3.1.2.6; RFC 6749 §4.1.2.1). */
export function errorCodeOf(reason: ReasonCode, request: AuthorizeRequest): string {
  if (reason === 'scope_invalid') return 'invalid_scope';
  if (reason === 'response_type_unsupported') return 'unsupported_response_type';
  if (request.loginHint === undefined || request.messageHint === undefined) return 'invalid_request';
  const broken: ReasonCode[] = [
    'response_mode_invalid',
    'prompt_invalid',
    'nonce_missing_from_tool',
    'nonce_invalid_from_tool',
    'state_too_long',
  ];
  if (broken.includes(reason)) return 'invalid_request';
  if (['tool_not_enabled', 'tool_disabled', 'hint_mismatch'].includes(reason)) return 'unauthorized_client';
  // The person is not, or no longer, the one who was launched: a tool can only start again.
  return 'login_required';
}
