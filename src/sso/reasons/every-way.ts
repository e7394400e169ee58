import type { SignInReasonEntry } from './entry.ts';

/** Reasons that every way of signing in shares. */
export const sharedReasons = {
  request_unknown: {
    outcome: 'user_error',
    specification: 'Hub: one answer to one request',
    turn: 'you',
    texts: 'expired',
    advice:
      'No open sign-in has this handle: it took more than 15 minutes, was answered already (reload, back button), or was begun before the connection was changed.',
    helpDesk: 'Ask the person to begin again from the portal’s sign-in page.',
  },
  browser_changed: {
    outcome: 'user_error',
    specification: 'Hub: a sign-in belongs to one browser',
    turn: 'you',
    texts: 'browser',
    advice:
      'The cookie that binds the sign-in to its browser did not come back: another browser answered, cookies are blocked, or somebody else’s answer was slipped in.',
    helpDesk: 'Ask the person to allow cookies for this site and to begin again in the same browser window.',
  },
  test_link_used: {
    outcome: 'user_error',
    specification: 'Hub: one test to one address',
    turn: 'you',
    texts: 'expired',
    advice:
      'No test sign-in begins by this address: it was used, it is more than a day old, or it belongs to another connection. Make a new one with: identity test-link.',
    helpDesk: 'Ask whoever sent the address for a new one. It is good for one test.',
  },
  connection_closed: {
    outcome: 'failed_config',
    specification: 'Hub: paused and disabled connections',
    turn: 'school',
    texts: 'setup',
    advice: 'The identity connection is paused or disabled. Resume it when people should sign in by it.',
    helpDesk: 'This way of signing in is switched off at the moment. Ask the person who looks after it.',
  },
  person_unknown: {
    outcome: 'user_error',
    specification: 'Hub: linking a person',
    turn: 'school',
    texts: 'unknown',
    advice:
      'No link has this subject, no roster user has the value of the connection’s match attribute, and the connection gives nobody a new person. Compare the attribute in a test sign-in with the roster, or allow new persons.',
    helpDesk: 'The person is not in the roster under the id that the sign-in system sends. Compare the two.',
  },
  person_in_review: {
    outcome: 'user_error',
    specification: 'Hub: linking a person',
    turn: 'school',
    texts: 'unknown',
    advice: 'Whom this sign-in belongs to is doubtful, and waits in the review queue of people.',
    helpDesk: 'Somebody has to decide in the review queue who this person is.',
  },
  admin_unknown: {
    outcome: 'user_error',
    specification: 'Hub: admins at the console',
    turn: 'school',
    texts: 'unknown',
    advice:
      'No admin’s account is linked with this subject at this connection. An account is linked once, by an invitation or from its own page at the console; an e-mail address links nobody.',
    helpDesk: 'Ask an admin of the institution, or the hub’s staff, for an invitation.',
  },
  admin_disabled: {
    outcome: 'user_error',
    specification: 'Hub: admins at the console',
    turn: 'school',
    texts: 'account',
    advice: 'The admin’s account at the console is disabled. Enable it if they should come in again.',
    helpDesk: 'Somebody has closed this account at the console. Ask an admin of the institution.',
  },
  admin_way_closed: {
    outcome: 'failed_config',
    specification: 'Hub: admins at the console',
    turn: 'school',
    texts: 'setup',
    advice: 'Admins do not come to the console by this connection. Open it for them on the page of access.',
    helpDesk: 'Ask the person to sign in with their password, or an admin to open this way.',
  },
  admin_link_over: {
    outcome: 'user_error',
    specification: 'Hub: one use of one invitation',
    turn: 'you',
    texts: 'expired',
    advice:
      'The invitation was used, taken back or has run out while the person signed in: make a new one. Or they were signed out of the console while they linked their account: begin again from its page.',
    helpDesk: 'Ask whoever sent the invitation for a new one, or sign in and link the account again.',
  },
  admin_linked_elsewhere: {
    outcome: 'user_error',
    specification: 'Hub: one account to one subject',
    turn: 'school',
    texts: 'unknown',
    advice:
      'This subject is linked with another admin’s account already: somebody else was signed in at the identity provider in this browser, or the person has two accounts. Take the other link off first.',
    helpDesk: 'Ask the person to sign out at the school first, and then to open the invitation again.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
