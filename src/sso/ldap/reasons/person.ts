import type { SignInReasonEntry } from '../../reasons/entry.ts';

/**
 * Met before the right password was shown, so told apart for admins only: the texts `credentials` and `wait` say nothing about
 * whether such a user exists.
 */
export const strangerReasons = {
  name_invalid: {
    outcome: 'user_error',
    specification: 'Hub: user names',
    turn: 'you',
    texts: 'credentials',
    advice:
      'The user name was empty, longer than 256 characters or held control characters. No directory was asked.',
    helpDesk: 'Ask the person to type the user name again by hand instead of pasting it.',
  },
  password_missing: {
    outcome: 'user_error',
    specification: 'RFC 4513, 5.1.2',
    turn: 'you',
    texts: 'credentials',
    advice:
      'The password was empty, blank or held a NUL character. A bind without a password succeeds on some servers without proving anything, so none was sent.',
    helpDesk: 'Ask the person to type the password.',
  },
  user_unknown: {
    outcome: 'user_error',
    specification: 'Hub: exactly one entry',
    turn: 'you',
    texts: 'credentials',
    advice:
      'No entry below the base has this name. Check the base, the name attributes and the conditions of the connection when somebody should have been found.',
    helpDesk: 'Compare the typed name with the name attribute in the directory, letter by letter.',
  },
  user_ambiguous: {
    outcome: 'failed_config',
    specification: 'Hub: exactly one entry',
    turn: 'school',
    texts: 'credentials',
    advice:
      'Several entries have this name. Narrow the base or the conditions, or search by an attribute that is unique.',
    helpDesk: 'Look for a second account with the same name or e-mail address.',
  },
  key_missing: {
    outcome: 'failed_config',
    specification: 'Hub: one lasting key',
    turn: 'school',
    texts: 'credentials',
    advice:
      'The entry has no value, several values or an unreadable value in the key attribute. Let the service account read it, or choose another.',
    helpDesk: 'Run the check of the connection.',
  },
  password_wrong: {
    outcome: 'user_error',
    specification: 'RFC 4511, 4.2.2 (invalidCredentials); AD sub-code 52e',
    turn: 'you',
    texts: 'credentials',
    advice: 'The directory knows the user and refused the password.',
    helpDesk:
      'Let the person try the password at another service of the school; reset it if it fails there too.',
  },
  account_locked: {
    outcome: 'user_error',
    specification: 'AD sub-code 775; draft-behera-ldap-password-policy-11, 5.3.3',
    turn: 'school',
    texts: 'credentials',
    advice:
      'The directory has locked the account after wrong passwords, here or elsewhere. It opens by itself or by an admin.',
    helpDesk: 'Unlock the account in the directory and look for a device that still sends an old password.',
  },
  bind_refused: {
    outcome: 'user_error',
    specification: 'RFC 4511, 4.2.2',
    turn: 'school',
    texts: 'credentials',
    advice:
      'The directory refused the sign-in without saying that the password is wrong; some directories do so for inactive accounts. The result code stands in the log.',
    helpDesk: 'Check that the account is active and has a password in the directory.',
  },
  too_many_attempts: {
    outcome: 'user_error',
    specification: 'Hub: fewer attempts than the directory’s lock-out',
    turn: 'you',
    texts: 'wait',
    advice:
      'Too many wrong passwords for this name. The hub asks the directory no more until the window has passed, so that the account is not locked everywhere.',
    helpDesk:
      'Wait for the window of the connection to pass. If the person typed nothing, somebody is guessing.',
  },
  person_limited: {
    outcome: 'user_error',
    specification: 'Hub: fewer attempts than the directory’s lock-out',
    turn: 'you',
    texts: 'credentials',
    advice:
      'Too many wrong passwords for this person under several names, such as user name and e-mail address. The hub asks the directory no more until the window has passed.',
    helpDesk:
      'Wait for the window of the connection to pass. If the person typed nothing, somebody is guessing.',
  },
  address_limited: {
    outcome: 'user_error',
    specification: 'Hub: attempts of one address',
    turn: 'you',
    texts: 'wait',
    advice:
      'Too many failed sign-ins from this address. Raise the limit when a whole school stands behind one address.',
    helpDesk: 'Ask whether others at the same place cannot sign in either.',
  },
} as const satisfies Record<string, SignInReasonEntry>;

/** Met only after the directory had taken the password, or by codes that it gives only then. */
export const accountReasons = {
  logon_hours: {
    outcome: 'user_error',
    specification: 'AD sub-code 530',
    turn: 'school',
    texts: 'account',
    advice: 'The directory allows this account to sign in at other hours only (logonHours).',
    helpDesk: 'Look at the logon hours of the account.',
  },
  workstation_refused: {
    outcome: 'user_error',
    specification: 'AD sub-code 531',
    turn: 'school',
    texts: 'account',
    advice:
      'The account may sign in from named workstations only (userWorkstations). Add the domain controllers that this connection uses.',
    helpDesk: 'Look at “Log On To…” of the account.',
  },
  password_expired: {
    outcome: 'user_error',
    specification: 'AD sub-code 532',
    turn: 'you',
    texts: 'password',
    advice: 'The password is right but has expired. It is changed in the school’s own systems, not here.',
    helpDesk: 'Send the person to the place where passwords are changed.',
  },
  account_disabled: {
    outcome: 'user_error',
    specification:
      'AD sub-code 533 and userAccountControl 0x2; pwdAccountLockedTime 000001010000Z; nsAccountLock',
    turn: 'school',
    texts: 'account',
    advice: 'The account is disabled in the directory.',
    helpDesk: 'Ask whether the person has left; enable the account in the directory if not.',
  },
  account_expired: {
    outcome: 'user_error',
    specification: 'AD sub-code 701 and accountExpires',
    turn: 'school',
    texts: 'account',
    advice: 'The account has passed its end date in the directory.',
    helpDesk: 'Ask whether the person is still at the school; move the end date if so.',
  },
  password_must_change: {
    outcome: 'user_error',
    specification: 'AD sub-code 773; draft-behera-ldap-password-policy-11, 5.3.4 (pwdReset)',
    turn: 'you',
    texts: 'password',
    advice:
      'The password has to be changed before the first sign-in. It is changed in the school’s own systems.',
    helpDesk: 'Send the person to the place where passwords are changed.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
