import type { SignInReasonEntry } from '../../reasons/entry.ts';

const clocks =
  'Compare the clocks: the identity provider’s server has to follow a time server. Otherwise the page was left open too long; signing in again helps.';
const clocksPlain =
  'Ask the person to sign in again. If it happens to everybody, the clock of the sign-in system is wrong.';

/** Reasons found in what a trusted message says. */
export const contentReasons = {
  version: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 2.3.3 and 3.2.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'Version of the Response or of the assertion is not 2.0. Choose SAML 2.0 in the identity provider.',
    helpDesk: 'The sign-in system speaks another version of SAML. Ask its operator for SAML 2.0.',
  },
  status: {
    outcome: 'user_error',
    specification: 'SAML Core 2.0, 3.2.2.2',
    turn: 'you',
    texts: 'declined',
    advice:
      'The identity provider answered with an error; the check holds its status codes. AuthnFailed: wrong password or cancelled. NoPassive: nobody was signed in. NoAuthnContext: it has no such way to authenticate. RequestDenied or Responder: look into its log (often the person is not assigned to the application).',
    helpDesk:
      'The sign-in system refused this person. Check there that the account is active and assigned to this application.',
  },
  issuer: {
    outcome: 'failed_config',
    specification: 'SAML Profiles 2.0, 4.1.4.2 and 4.4.4',
    turn: 'school',
    texts: 'setup',
    advice:
      'Issuer differs from the connection’s entity id of the identity provider. They have to be equal character by character, also in a trailing slash.',
    helpDesk:
      'The name (entity id) of the sign-in system on the connection page is not the one it uses. Copy it from its metadata.',
  },
  destination: {
    outcome: 'failed_config',
    specification: 'SAML Bindings 2.0, 3.5.5.2; SAML Core 2.0, 3.2.2',
    turn: 'school',
    texts: 'setup',
    advice:
      'Destination is not the address of this connection, or is missing from a signed Response. Compare the assertion consumer service (or logout) URL in the identity provider, scheme and slashes included.',
    helpDesk:
      'The sign-in system sends answers to another address than the connection page shows. Its operator has to copy it anew.',
  },
  recipient: {
    outcome: 'failed_config',
    specification: 'SAML Profiles 2.0, 4.1.4.2',
    turn: 'school',
    texts: 'setup',
    advice:
      'Recipient in SubjectConfirmationData is not the assertion consumer service of this connection. Compare the address in the identity provider.',
    helpDesk:
      'The sign-in system makes answers for another address than the connection page shows. Its operator has to copy it anew.',
  },
  audience: {
    outcome: 'failed_config',
    specification: 'SAML Core 2.0, 2.5.1.4; SAML Profiles 2.0, 4.1.4.2',
    turn: 'school',
    texts: 'setup',
    advice:
      'The assertion is not restricted to our entity id. Compare “Audience”, “Identifier” or “SP entity id” in the identity provider with the connection page.',
    helpDesk:
      'The operator of the sign-in system has to enter our entity id exactly as the connection page shows it.',
  },
  condition: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 2.5.1.1',
    turn: 'partner',
    texts: 'message',
    advice:
      'The assertion sets a condition that the hub does not know, so that it cannot tell whether it holds.',
    helpDesk: 'The sign-in system attaches an unusual condition. Hand the reference to its operator.',
  },
  unsolicited: {
    outcome: 'failed_config',
    specification:
      'Hub: sign-ins begin here unless the connection allows otherwise; SAML Profiles 2.0, 4.1.5',
    turn: 'school',
    texts: 'setup',
    advice:
      'The sign-in began at the identity provider. Point its tile at our sign-in address of this connection, or allow unsolicited answers with their risk.',
    helpDesk:
      'Let people begin at the sign-in page of the school here; a tile in the sign-in system should link to that page.',
  },
  in_response_to: {
    outcome: 'user_error',
    specification: 'SAML Profiles 2.0, 4.1.4.2 and 4.1.4.3',
    turn: 'you',
    texts: 'expired',
    advice:
      'The answer belongs to no open request of this browser and this connection: reload, back button, another browser, cookies blocked, or an answer grafted onto another request.',
    helpDesk: 'Ask the person to begin again, in one window, with cookies allowed.',
  },
  request_connection: {
    outcome: 'failed_config',
    specification: 'Hub: a request belongs to one connection',
    turn: 'school',
    texts: 'setup',
    advice:
      'The answer came to another connection than the request began with. Two connections may share an address in the identity provider.',
    helpDesk: 'Two sign-in connections are mixed up. The operator has to compare their addresses.',
  },
  request_expired: {
    outcome: 'user_error',
    specification: 'Hub: a request lives for a limited time',
    turn: 'you',
    texts: 'expired',
    advice:
      'The answer came after the request had expired. If it happens often, look for a slow sign-in page.',
    helpDesk: 'Ask the person to sign in again without leaving the page open for long.',
  },
  issue_instant: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 2.3.3 and 3.2.1; Hub: 24 hours at most',
    turn: 'school',
    texts: 'expired',
    advice: clocks,
    helpDesk: clocksPlain,
  },
  not_before: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 2.5.1.2',
    turn: 'school',
    texts: 'expired',
    advice: clocks,
    helpDesk: clocksPlain,
  },
  not_on_or_after: {
    outcome: 'user_error',
    specification: 'SAML Core 2.0, 2.5.1.2; SAML Profiles 2.0, 4.1.4.2',
    turn: 'you',
    texts: 'expired',
    advice: `${clocks} Conditions and SubjectConfirmationData both have to carry NotOnOrAfter.`,
    helpDesk: clocksPlain,
  },
  subject_confirmation: {
    outcome: 'failed_partner',
    specification: 'SAML Profiles 2.0, 4.1.4.2',
    turn: 'partner',
    texts: 'message',
    advice: 'The assertion has no bearer SubjectConfirmation with SubjectConfirmationData.',
    helpDesk:
      'The sign-in system leaves out a required part of its answer. Hand the reference to its operator.',
  },
  authn_statement: {
    outcome: 'failed_partner',
    specification: 'SAML Profiles 2.0, 4.1.4.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'The assertion has no AuthnStatement: it describes a person and does not say that they signed in.',
    helpDesk:
      'The sign-in system leaves out a required part of its answer. Hand the reference to its operator.',
  },
  authn_instant: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 2.7.2 and 3.4.1 (ForceAuthn)',
    turn: 'school',
    texts: 'declined',
    advice:
      'AuthnInstant lies in the future, or before a request that asked for a new authentication (ForceAuthn): the identity provider reused a session.',
    helpDesk:
      'This connection asks for the password each time and the sign-in system did not. Its operator has to allow forced sign-in.',
  },
  authn_context: {
    outcome: 'failed_config',
    specification: 'SAML Core 2.0, 3.3.2.2.1',
    turn: 'school',
    texts: 'declined',
    advice:
      'AuthnContextClassRef is none of the required classes. Compare what the identity provider sends with the classes set for the connection.',
    helpDesk:
      'This connection asks for a stronger way to sign in (for example a second factor) than the person used.',
  },
  session_not_on_or_after: {
    outcome: 'user_error',
    specification: 'SAML Core 2.0, 2.7.2',
    turn: 'you',
    texts: 'expired',
    advice: `The identity provider’s session ended already. ${clocks}`,
    helpDesk: clocksPlain,
  },
  name_id: {
    outcome: 'failed_config',
    specification: 'SAML Core 2.0, 2.2.2 and 8.3',
    turn: 'school',
    texts: 'account',
    advice:
      'There is no NameID of the format that the connection takes as the key of a person. Set the format in the identity provider (persistent), or choose an attribute as the subject.',
    helpDesk: 'The operator of the sign-in system has to send a persistent name for each account.',
  },
  subject: {
    outcome: 'failed_config',
    specification: 'Hub: exactly one immutable key of a person',
    turn: 'school',
    texts: 'account',
    advice:
      'The attribute that the connection takes as the key of a person is missing or has several values. Release it in the identity provider; a test sign-in shows what arrives.',
    helpDesk:
      'The account lacks the number or name that tells it from all others. If one person is concerned, complete the account; if everybody is, the sign-in system does not send it.',
  },
  scope: {
    outcome: 'failed_config',
    specification: 'SAML Subject Identifier Attributes 1.0, 3; Shibboleth metadata extension (shibmd:Scope)',
    turn: 'school',
    texts: 'account',
    advice:
      'A scoped attribute ends in a domain that is none of the identity provider’s scopes. Compare the scopes of its metadata with what a test sign-in shows.',
    helpDesk: 'The account belongs to another organisation than this sign-in system may speak for.',
  },
  replay: {
    outcome: 'user_error',
    specification: 'SAML Profiles 2.0, 4.1.4.5',
    turn: 'you',
    texts: 'expired',
    advice: 'This message was used before: reload, back button, or a copy. Each one counts once.',
    helpDesk: 'Ask the person to begin again instead of reloading the page.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
