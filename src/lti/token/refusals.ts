/** Errors of the token endpoint (RFC 6749 §5.2). */
export type TokenError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

interface Refusal {
  error: TokenError;
  /** What the tool's developer has to change. ASCII without quotes and backslashes (RFC 6749 §5.2). */
  description: string;
}

/** Why a token request is refused, by stable codes. */
export const tokenRefusals = {
  parameter_repeated: {
    error: 'invalid_request',
    description: 'A parameter is given more than once. Send each parameter once.',
  },
  grant_type_missing: {
    error: 'invalid_request',
    description: 'grant_type is missing. Send grant_type=client_credentials in the form body.',
  },
  grant_type_unsupported: {
    error: 'unsupported_grant_type',
    description: 'The only grant_type here is client_credentials.',
  },
  authentication_repeated: {
    error: 'invalid_request',
    description:
      'The request authenticates in more than one way. Keep client_assertion; leave out client_secret and the Authorization header.',
  },
  authentication_unsupported: {
    error: 'invalid_client',
    description:
      'Tools authenticate with a signed JWT (private_key_jwt). Send it as client_assertion, without client_secret or Authorization header.',
  },
  assertion_missing: {
    error: 'invalid_client',
    description: 'client_assertion is missing. Send a JWT signed with a key of the registered key set.',
  },
  assertion_type_missing: {
    error: 'invalid_request',
    description:
      'client_assertion_type is missing. Send urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
  },
  assertion_type_unsupported: {
    error: 'invalid_client',
    description: 'client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
  },
  scope_missing: {
    error: 'invalid_scope',
    description: 'scope is missing. Name the scopes that are wanted, with spaces between them.',
  },
  scope_malformed: {
    error: 'invalid_scope',
    description: 'scope must be at most 100 scopes with spaces between them.',
  },
  scope_refused: {
    error: 'invalid_scope',
    description:
      'None of the scopes asked for is allowed to this tool. The operator of the hub decides which are.',
  },
  token_malformed: {
    error: 'invalid_client',
    description: 'client_assertion is not a signed JWT in compact form with a JSON object inside.',
  },
  alg_refused: {
    error: 'invalid_client',
    description: 'The header of client_assertion must say alg RS256. No other algorithm is taken.',
  },
  header_refused: {
    error: 'invalid_client',
    description:
      'The header of client_assertion must not carry jku, jwk, x5u, x5c or crit. Keys come from the registered key set only.',
  },
  kid_missing: {
    error: 'invalid_client',
    description: 'The header of client_assertion must name its key by kid.',
  },
  kid_unknown: {
    error: 'invalid_client',
    description:
      'The registered key set of this tool has no usable RSA key with this kid. Publish the key, or have the registration changed.',
  },
  jwks_unreachable: {
    error: 'invalid_client',
    description:
      'The hub has no readable key set of this tool. Check the JWKS URL that is registered, and that it can be reached from the internet.',
  },
  signature_invalid: {
    error: 'invalid_client',
    description:
      'The signature of client_assertion does not fit the key with this kid in the registered key set.',
  },
  client_unknown: {
    error: 'invalid_client',
    description:
      'sub of client_assertion is not the client_id of a tool here. Compare it with the registration at the hub.',
  },
  client_disabled: {
    error: 'invalid_client',
    description: 'This tool is switched off at the hub. Ask the operator of the hub.',
  },
  client_changed: {
    error: 'invalid_client',
    description: 'The registration of this tool is being changed. Try again with a new client_assertion.',
  },
  client_id_mismatch: {
    error: 'invalid_client',
    description: 'client_id differs from sub of client_assertion. Leave it out, or send the same.',
  },
  issuer_mismatch: {
    error: 'invalid_client',
    description: 'iss and sub of client_assertion must both be the client_id of the tool.',
  },
  audience_mismatch: {
    error: 'invalid_client',
    description: 'aud of client_assertion must name the token endpoint of the hub, or its issuer.',
  },
  exp_missing: { error: 'invalid_client', description: 'client_assertion needs exp, in seconds since 1970.' },
  assertion_expired: {
    error: 'invalid_client',
    description: 'client_assertion has expired. Sign a new one for each request, and check the clock.',
  },
  exp_too_late: {
    error: 'invalid_client',
    description: 'exp of client_assertion is more than an hour ahead. Give it a few minutes.',
  },
  iat_missing: { error: 'invalid_client', description: 'client_assertion needs iat, in seconds since 1970.' },
  iat_in_future: {
    error: 'invalid_client',
    description: 'iat of client_assertion lies in the future. Check the clock of the tool.',
  },
  not_valid_yet: {
    error: 'invalid_client',
    description: 'nbf of client_assertion lies in the future or is no time. Check the clock of the tool.',
  },
  jti_missing: {
    error: 'invalid_client',
    description: 'client_assertion needs jti: a new text of at most 255 characters for each assertion.',
  },
  deployment_invalid: {
    error: 'invalid_client',
    description:
      'The deployment_id claim of client_assertion must be a deployment_id as launches carry it, or be left out.',
  },
  assertion_used: {
    error: 'invalid_client',
    description: 'This client_assertion was used before. Sign a new one, with a new jti, for each request.',
  },
} as const satisfies Record<string, Refusal>;

export type TokenRefusal = keyof typeof tokenRefusals;
