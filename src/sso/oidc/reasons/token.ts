import type { SignInReasonEntry } from '../../reasons/entry.ts';

const clocks =
  'Compare the clocks: the provider’s server has to follow a time server. Differences of up to two minutes are allowed.';
const clocksPlain =
  'Ask the person to sign in again. If it happens to everybody, the clock of the sign-in system is wrong.';
const forgery = 'Pass the reference on to whoever looks after security, and ask the person to begin again.';

/** Reasons found in an ID Token or a logout token. */
export const tokenReasons = {
  token_malformed: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 2; RFC 7515, 7.1',
    turn: 'partner',
    texts: 'message',
    advice:
      'The token is no signed JSON Web Token, or is encrypted. Switch encryption of ID Tokens off for this client.',
    helpDesk: 'The sign-in system sends something that we cannot read. Hand the reference to its operator.',
  },
  algorithm: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7; RFC 8725, 3.1',
    turn: 'school',
    texts: 'setup',
    advice:
      'The token is signed with an algorithm that the connection does not allow. Allow it there, or choose RS256 at the provider. A token that is not signed is never taken.',
    helpDesk: 'The sign-in system signs in another way than the connection page allows. Compare the two.',
  },
  key_unknown: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 10.1.1',
    turn: 'partner',
    texts: 'message',
    advice:
      'The provider’s key set has no key for this token. It is asked again after half a minute, so that a new key is found soon; if not, it is signed with a key that is not published.',
    helpDesk:
      'Ask the person to try again in a minute. If it stays, tell the operator of the sign-in system.',
  },
  signature: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 6; RFC 7515, 5.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'The signature does not fit any key of the provider: the token was changed, or is somebody else’s.',
    helpDesk: forgery,
  },
  issuer: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 2',
    turn: 'school',
    texts: 'setup',
    advice: 'iss of the token is not the connection’s issuer. They have to be equal character by character.',
    helpDesk: 'The name of the sign-in system on the connection page is not the one it uses. Copy it anew.',
  },
  audience: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 3',
    turn: 'school',
    texts: 'setup',
    advice:
      'aud of the token lacks our client id, or names others that the connection does not list. Compare the client id.',
    helpDesk:
      'The client id on the connection page is not the one that the sign-in system uses. Copy it anew.',
  },
  authorized_party: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, steps 4 and 5',
    turn: 'partner',
    texts: 'message',
    advice: 'azp of the token is not our client id: it was issued to another application.',
    helpDesk: forgery,
  },
  expired: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 9',
    turn: 'partner',
    texts: 'expired',
    advice: `exp of the token is missing or over. ${clocks}`,
    helpDesk: clocksPlain,
  },
  not_before: {
    outcome: 'failed_partner',
    specification: 'RFC 7519, 4.1.5',
    turn: 'partner',
    texts: 'message',
    advice: `nbf of the token lies ahead. ${clocks}`,
    helpDesk: clocksPlain,
  },
  issued_at: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 10',
    turn: 'partner',
    texts: 'message',
    advice: `iat of the token is missing, lies ahead, or before the request that it should answer. ${clocks}`,
    helpDesk: clocksPlain,
  },
  nonce: {
    outcome: 'user_error',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 11, and 15.5.2',
    turn: 'you',
    texts: 'message',
    advice:
      'nonce of the token is missing or belongs to another sign-in: a code or a token was slipped in from elsewhere.',
    helpDesk: forgery,
  },
  access_token_hash: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.8',
    turn: 'partner',
    texts: 'message',
    advice: 'at_hash of the token does not fit the access token that came with it.',
    helpDesk: forgery,
  },
  code_hash: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.3.2.11',
    turn: 'partner',
    texts: 'message',
    advice: 'c_hash of the token does not fit the code that it was given for.',
    helpDesk: forgery,
  },
  auth_time: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.2.1 (max_age, prompt) and 3.1.3.7, step 13',
    turn: 'partner',
    texts: 'message',
    advice:
      'auth_time of the token is missing or too long ago, though the connection asks for a password given lately. Providers that do not know max_age cannot be asked for it.',
    helpDesk: 'Ask the person to sign out of the sign-in system and to begin again.',
  },
  acr: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7, step 12',
    turn: 'school',
    texts: 'setup',
    advice:
      'acr of the token is none of those that the connection asks for. Compare them with what the provider sends.',
    helpDesk:
      'The sign-in system did not ask for the stronger proof, such as a second factor, that is set up here.',
  },
  subject: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 2 (sub)',
    turn: 'partner',
    texts: 'message',
    advice:
      'The token has no sub, or one of more than 255 characters, or, for Entra ID, no oid. Entra ID sends oid with the scope profile.',
    helpDesk: 'The sign-in system does not say who signed in. Hand the reference to its operator.',
  },
  tenant: {
    outcome: 'user_error',
    specification: 'Hub: one Entra directory for each connection (claim tid)',
    turn: 'you',
    texts: 'declined',
    advice:
      'tid of the token is not the directory of the connection: an account of another organisation. Register the application for accounts of this directory only.',
    helpDesk:
      'The person signed in with an account of another organisation. They have to take the one of the school.',
  },
  hosted_domain: {
    outcome: 'user_error',
    specification: 'Google OpenID Connect, claim hd',
    turn: 'you',
    texts: 'declined',
    advice:
      'hd of the token is missing (a personal account) or none of the connection’s Workspace domains. The domain of the e-mail address says nothing.',
    helpDesk: 'The person signed in with a private Google account. They have to take the one of the school.',
  },
  logout_type: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6',
    turn: 'partner',
    texts: 'message',
    advice: 'typ of the logout token names another kind of token.',
    helpDesk: forgery,
  },
  logout_event: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.6',
    turn: 'partner',
    texts: 'message',
    advice: 'events of the logout token lacks the event of back-channel logout.',
    helpDesk: forgery,
  },
  logout_subject: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.6',
    turn: 'partner',
    texts: 'message',
    advice: 'The logout token names neither a person (sub) nor a session (sid).',
    helpDesk: 'The sign-in system does not say who signs out. Hand the reference to its operator.',
  },
  logout_nonce: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.6',
    turn: 'partner',
    texts: 'message',
    advice: 'The logout token has a nonce: it is an ID Token passed off as one.',
    helpDesk: forgery,
  },
  logout_id: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.4',
    turn: 'partner',
    texts: 'message',
    advice: 'The logout token has no jti, so that a second use could not be told.',
    helpDesk: 'The sign-in system’s sign-out message is incomplete. Hand the reference to its operator.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
