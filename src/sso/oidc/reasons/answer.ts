import type { SignInReasonEntry } from '../../reasons/entry.ts';

/** Reasons found in what the browser brought back. */
export const answerReasons = {
  answer_malformed: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.2.5; RFC 6749, 3.1',
    turn: 'partner',
    texts: 'message',
    advice: 'The answer at the redirect address held neither a code nor an error, or a parameter twice.',
    helpDesk: 'Ask the person to begin again from the sign-in page and not from a bookmark.',
  },
  issuer_parameter: {
    outcome: 'failed_partner',
    specification: 'RFC 9207, 2.4',
    turn: 'partner',
    texts: 'message',
    advice:
      'The parameter iss of the answer is not the connection’s issuer, or is missing though the provider promises it. Another provider answered in this one’s place (a mix-up attack), or the provider stands behind a proxy that renames it.',
    helpDesk:
      'Ask the person to begin again. If it happens again, pass the reference on to whoever looks after security.',
  },
  declined: {
    outcome: 'user_error',
    specification: 'RFC 6749, 4.1.2.1 (access_denied)',
    turn: 'you',
    texts: 'declined',
    advice:
      'The person cancelled, or the provider refuses them this application. Check there that the person, or a group of theirs, is assigned to it.',
    helpDesk:
      'The sign-in system refused this person. Check there that the account is active and assigned to this application.',
  },
  interaction_required: {
    outcome: 'user_error',
    specification: 'OpenID Connect Core 1.0, 3.1.2.6',
    turn: 'you',
    texts: 'declined',
    advice:
      'The provider wanted to ask the person something and could not: to sign in, to choose an account or to consent. An administrator can consent there once for everybody.',
    helpDesk:
      'Ask the person to begin again in a new window. If it asks for a permission, an administrator has to give it for everybody.',
  },
  provider_unavailable: {
    outcome: 'failed_partner',
    specification: 'RFC 6749, 4.1.2.1 (server_error, temporarily_unavailable)',
    turn: 'partner',
    texts: 'directory',
    advice: 'The provider answered that something failed on its side. Look into its log.',
    helpDesk:
      'The sign-in system reports a failure of its own. Look at its status page, or ask its operator.',
  },
  request_refused: {
    outcome: 'failed_config',
    specification: 'RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6',
    turn: 'school',
    texts: 'setup',
    advice:
      'The provider refused the request itself; the check holds its code. invalid_scope: take out scopes it does not know. unauthorized_client: allow the authorization code flow.',
    helpDesk: 'The sign-in system is not set up for us yet. Its operator has to look at our entry there.',
  },
  replay: {
    outcome: 'user_error',
    specification: 'OpenID Connect Back-Channel Logout 1.0, 2.6',
    turn: 'partner',
    texts: 'message',
    advice: 'The message was used before.',
    helpDesk: 'Nothing has to be done: the message had its effect the first time.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
