import type { SignInReasonEntry } from '../../reasons/entry.ts';

/** Reasons found on the hub's own calls to the provider. */
export const providerReasons = {
  address_refused: {
    outcome: 'failed_config',
    specification: 'Hub: outbound addresses',
    turn: 'school',
    texts: 'setup',
    advice:
      'An address of the provider is not public, not https, or redirects where the hub does not follow. Enter the issuer as the provider publishes it, and let its endpoints answer directly.',
    helpDesk: 'The address of the sign-in system on the connection page cannot be used. Copy it anew.',
  },
  tls_failed: {
    outcome: 'failed_partner',
    specification: 'RFC 9325; OpenID Connect Core 1.0, 16.17',
    turn: 'partner',
    texts: 'directory',
    advice:
      'No secure connection to the provider could be made. Check that its certificate is valid, for this host name, and sent with its whole chain.',
    helpDesk:
      'The certificate of the sign-in system’s web server is wrong or has run out. Tell its operator.',
  },
  discovery_unreachable: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Discovery 1.0, 4',
    turn: 'partner',
    texts: 'directory',
    advice:
      'The discovery document could not be fetched: no connection, no answer in five seconds, or a server error. The check holds the code or the status.',
    helpDesk: 'The sign-in system does not answer. Look at its status page, or ask its operator.',
  },
  discovery_invalid: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Discovery 1.0, 3 and 4.2',
    turn: 'school',
    texts: 'setup',
    advice:
      'What lies below the issuer at /.well-known/openid-configuration is no discovery document, is larger than 256 kB, or has endpoints that are missing or not https; the check names them. Usually the issuer is mistyped.',
    helpDesk: 'The address of the sign-in system on the connection page is wrong. Copy it anew.',
  },
  discovery_issuer: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Discovery 1.0, 4.3; RFC 9207, 4',
    turn: 'school',
    texts: 'setup',
    advice:
      'The discovery document names another issuer than the connection. They have to be equal character by character, also in a trailing slash. Enter the one that the check found, if it is the provider’s own.',
    helpDesk:
      'The address of the sign-in system on the connection page differs from the one it calls itself by. Copy it anew.',
  },
  keys_unreachable: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 10.1.1',
    turn: 'partner',
    texts: 'directory',
    advice: 'The provider’s key set (jwks_uri) could not be fetched, and no earlier one is fresh enough.',
    helpDesk: 'The sign-in system answers only in part. Ask its operator.',
  },
  keys_invalid: {
    outcome: 'failed_partner',
    specification: 'RFC 7517, 5',
    turn: 'partner',
    texts: 'message',
    advice: 'What lies at jwks_uri is no JSON Web Key Set, or one of more than 50 keys.',
    helpDesk: 'The sign-in system publishes no usable keys. Hand the reference to its operator.',
  },
  token_unreachable: {
    outcome: 'failed_partner',
    specification: 'RFC 6749, 3.2',
    turn: 'partner',
    texts: 'directory',
    advice:
      'The token endpoint did not answer in eight seconds, or with a server error or a request to slow down. The check holds the code or the status.',
    helpDesk: 'The sign-in system does not answer. Look at its status page, or ask its operator.',
  },
  client_refused: {
    outcome: 'failed_config',
    specification: 'RFC 6749, 5.2 (invalid_client, unauthorized_client)',
    turn: 'school',
    texts: 'setup',
    advice:
      'The provider did not take the client’s proof: the secret is wrong or has run out, the way of authentication differs from the one registered, or the hub’s public keys are not registered there.',
    helpDesk:
      'The secret that the sign-in system gave for us is wrong or has run out. Make a new one and enter it.',
  },
  code_refused: {
    outcome: 'user_error',
    specification: 'RFC 6749, 5.2 (invalid_grant); RFC 7636, 4.6',
    turn: 'you',
    texts: 'expired',
    advice:
      'The provider did not take the code: it is used, too old, or was issued for another request, client or redirect address. If it happens to everybody, compare the redirect address.',
    helpDesk: 'Ask the person to begin again. If it happens to everybody, compare the redirect address.',
  },
  token_refused: {
    outcome: 'failed_config',
    specification: 'RFC 6749, 5.2',
    turn: 'school',
    texts: 'setup',
    advice: 'The token endpoint refused the request; the check holds its status and code.',
    helpDesk: 'The sign-in system refuses to finish. Hand the reference to its operator.',
  },
  token_answer_invalid: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.3',
    turn: 'partner',
    texts: 'message',
    advice:
      'The token endpoint answered with success but without an ID Token, an access token or a token type that is known. The client has to be allowed the scope openid.',
    helpDesk: 'The sign-in system does not say who signed in. Hand the reference to its operator.',
  },
  user_info_unreachable: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 5.3',
    turn: 'partner',
    texts: 'directory',
    advice:
      'The UserInfo endpoint did not answer. Switch UserInfo off where the ID Token holds what is needed.',
    helpDesk: 'The sign-in system answers only in part. Ask its operator.',
  },
  user_info_invalid: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 5.3.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'The UserInfo endpoint is missing, refused the access token, or answered with something else than a JSON object. Signed or encrypted answers are not read: switch them off for this client.',
    helpDesk: 'The sign-in system gives no details of the person. Hand the reference to its operator.',
  },
  user_info_subject: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 5.3.2 and 5.3.4',
    turn: 'partner',
    texts: 'message',
    advice: 'The UserInfo endpoint spoke of another person than the ID Token. Nothing of it was used.',
    helpDesk: 'The sign-in system mixes up two people. Hand the reference to its operator at once.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
