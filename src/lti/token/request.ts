import type { TokenRefusal } from './refusals.ts';

/** What a tool asks for, before anything is proven. */
export interface TokenRequest {
  assertion: string;
  /** Not needed, since the assertion names the client; if present it has to name the same (RFC 7521 §4.2). */
  clientId: string | undefined;
  scopes: readonly string[];
}

export type RequestReading = { ok: true; request: TokenRequest } | { ok: false; refusal: TokenRefusal };

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads a request for an access token (RFC 6749 §4.4.2) that authenticates by a signed JWT (RFC 7523 §2.2). Parameters
 * that are not known are ignored (RFC 6749 §3.2).
 *
 * @param parameters of the form; an array where a name was repeated
 * @param hasAuthorization whether the request has an Authorization header
 */
export function readTokenRequest(
  parameters: Readonly<Record<string, string | string[]>>,
  hasAuthorization: boolean,
): RequestReading {
  // RFC 6749 §3.2: no parameter more than once.
  if (Object.values(parameters).some(Array.isArray)) return { ok: false, refusal: 'parameter_repeated' };
  const value = (name: string) => {
    const given = parameters[name];
    // RFC 6749 §3.2: one without a value counts as left out.
    return typeof given === 'string' && given !== '' ? given : undefined;
  };

  const grantType = value('grant_type');
  if (grantType === undefined) return { ok: false, refusal: 'grant_type_missing' };
  if (grantType !== 'client_credentials') return { ok: false, refusal: 'grant_type_unsupported' };

  const assertion = value('client_assertion');
  // RFC 6749 §2.3: one method of authentication, and Security Framework 1.0 §4.1.1 leaves only this one.
  if (hasAuthorization || value('client_secret') !== undefined) {
    return {
      ok: false,
      refusal: assertion === undefined ? 'authentication_unsupported' : 'authentication_repeated',
    };
  }
  if (assertion === undefined) return { ok: false, refusal: 'assertion_missing' };
  const type = value('client_assertion_type');
  if (type === undefined) return { ok: false, refusal: 'assertion_type_missing' };
  if (type !== assertionType) return { ok: false, refusal: 'assertion_type_unsupported' };

  const scopes = readScopes(value('scope'));
  return typeof scopes === 'string'
    ? { ok: false, refusal: scopes }
    : { ok: true, request: { assertion, clientId: value('client_id'), scopes } };
}

/** RFC 6749 §3.3. */
function readScopes(scope: string | undefined): string[] | 'scope_missing' | 'scope_malformed' {
  const scopes = (scope ?? '').split(' ').filter((each) => each !== '');
  if (scopes.length === 0) return 'scope_missing';
  const wellFormed = scopes.every((each) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(each));
  return wellFormed && scopes.length <= 100 ? scopes : 'scope_malformed';
}

/** The scopes asked for that are allowed, each once. */
export function decideScopes(asked: readonly string[], allowed: readonly string[]): string[] {
  return [...new Set(asked)].filter((scope) => allowed.includes(scope));
}
