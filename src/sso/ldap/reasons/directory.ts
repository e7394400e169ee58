import type { SignInReasonEntry } from '../../reasons/entry.ts';

/** The directory or the way to it. */
export const directoryReasons = {
  directory_unreachable: {
    outcome: 'failed_partner',
    specification: 'Hub: reachability',
    turn: 'school',
    texts: 'directory',
    advice: 'No server of the connection took a connection or kept it. Check host, port and firewall.',
    helpDesk: 'Run the check of the connection; ask the network team about the firewall.',
  },
  name_not_resolved: {
    outcome: 'failed_config',
    specification: 'RFC 1034, 3.6',
    turn: 'school',
    texts: 'setup',
    advice: 'The host name of the server does not exist in the name system that the hub asks.',
    helpDesk: 'Run the check of the connection and correct the host name.',
  },
  address_refused: {
    outcome: 'failed_config',
    specification: 'Hub: outbound addresses',
    turn: 'hub',
    texts: 'setup',
    advice:
      'The server’s address is not public and the operator has not opened its network for directories. Ask the operator to add it.',
    helpDesk: 'Pass on to the operator of the hub.',
  },
  directory_timeout: {
    outcome: 'failed_partner',
    specification: 'Hub: time limits',
    turn: 'school',
    texts: 'directory',
    advice:
      'The directory took longer than the connection allows. Check its load and that the searched attributes are indexed.',
    helpDesk: 'Run the check of the connection and look at its times.',
  },
  directory_unavailable: {
    outcome: 'failed_partner',
    specification: 'RFC 4511, A.2 (busy 51, unavailable 52)',
    turn: 'school',
    texts: 'directory',
    advice: 'Every server of the connection said that it is busy or shutting down.',
    helpDesk: 'Ask the directory’s admins whether it is being maintained.',
  },
  hub_busy: {
    outcome: 'failed_hub',
    specification: 'Hub: sign-ins waiting for one directory',
    turn: 'you',
    texts: 'busy',
    advice:
      'As many sign-ins as allowed were waiting for this directory already. It answers too slowly for the number of people at the bell.',
    helpDesk: 'Ask the person to try again in a minute.',
  },
  starttls_refused: {
    outcome: 'failed_config',
    specification: 'RFC 4511, 4.14; RFC 4513, 3.1',
    turn: 'school',
    texts: 'setup',
    advice:
      'The server does not offer StartTLS, or something on the way removed it. Nothing was sent in the clear. Use ldaps:// or switch StartTLS on.',
    helpDesk: 'Pass on to the directory’s admins.',
  },
  certificate_untrusted: {
    outcome: 'failed_config',
    specification: 'RFC 4513, 3.1.3; RFC 5280, 6',
    turn: 'school',
    texts: 'setup',
    advice:
      'The certificate of the server does not come from the authorities pinned for this connection. Pin the new one once its fingerprint has been compared.',
    helpDesk: 'Ask the directory’s admins whether the certificate was changed.',
  },
  certificate_expired: {
    outcome: 'failed_config',
    specification: 'RFC 5280, 4.1.2.5',
    turn: 'school',
    texts: 'setup',
    advice: 'The certificate of the server, or of its authority, has expired or is not valid yet.',
    helpDesk: 'Ask the directory’s admins for a new certificate.',
  },
  certificate_name: {
    outcome: 'failed_config',
    specification: 'RFC 4513, 3.1.3; RFC 9525, 6',
    turn: 'school',
    texts: 'setup',
    advice: 'The certificate is for another host. Use a name that stands in it, or set the server name.',
    helpDesk: 'Run the check of the connection and correct the server name.',
  },
  tls_failed: {
    outcome: 'failed_partner',
    specification: 'RFC 4513, 3.1; RFC 8446',
    turn: 'school',
    texts: 'setup',
    advice:
      'No secure connection came about. The server may speak no TLS at this port, or only old versions.',
    helpDesk: 'Run the check of the connection and check the port.',
  },
  security_required: {
    outcome: 'failed_config',
    specification: 'RFC 4511, A.2 (strongerAuthRequired 8, confidentialityRequired 13)',
    turn: 'school',
    texts: 'setup',
    advice: 'The directory refuses simple binds on this connection. Use ldaps:// or StartTLS.',
    helpDesk: 'Pass on to the directory’s admins.',
  },
  service_refused: {
    outcome: 'failed_config',
    specification: 'RFC 4511, 4.2.2',
    turn: 'school',
    texts: 'setup',
    advice:
      'The directory refused the service account. Check its name, password and expiry; the hub tries again after a minute, so that the account is not locked.',
    helpDesk: 'Ask whether the password of the service account was changed.',
  },
  base_missing: {
    outcome: 'failed_config',
    specification: 'RFC 4511, A.2 (noSuchObject 32)',
    turn: 'school',
    texts: 'setup',
    advice: 'The base does not exist, or the service account may not see it.',
    helpDesk: 'Run the check of the connection.',
  },
  search_refused: {
    outcome: 'failed_config',
    specification: 'RFC 4511, A.2 (insufficientAccessRights 50)',
    turn: 'school',
    texts: 'setup',
    advice: 'The service account may not search below the base. Give it the right to read.',
    helpDesk: 'Pass on to the directory’s admins.',
  },
  search_limit: {
    outcome: 'failed_config',
    specification: 'RFC 4511, A.2 (sizeLimitExceeded 4, adminLimitExceeded 11)',
    turn: 'school',
    texts: 'setup',
    advice:
      'The directory or the hub stopped a search that found too much. Narrow the base, or index the attributes.',
    helpDesk: 'Pass on to the directory’s admins.',
  },
  referral_refused: {
    outcome: 'failed_config',
    specification: 'RFC 4511, 4.1.10',
    turn: 'school',
    texts: 'setup',
    advice:
      'The server answered with a referral to another one. Referrals are never followed, since the password would go there: name that server in the connection.',
    helpDesk: 'Pass on to the directory’s admins.',
  },
  answer_invalid: {
    outcome: 'failed_partner',
    specification: 'RFC 4511, 4.1.1',
    turn: 'school',
    texts: 'setup',
    advice:
      'The directory answered with an error or a message that was not expected. The result code stands in the log.',
    helpDesk: 'Run the check of the connection.',
  },
} as const satisfies Record<string, SignInReasonEntry>;
