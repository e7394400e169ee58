import type { ReasonEntry } from './entry.ts';

/** Reasons met at the login initiation and while the login is matched to its launch. */
export const loginReasons = {
  tenant_unknown: {
    outcome: 'failed_config',
    specification: 'Hub: tenant address',
    turn: 'school',
    texts: 'setup',
    advice:
      'No institution has this address. Compare the login URL, redirect URI and target link in the LMS with the values on the connection page.',
  },
  issuer_unknown: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 5.1.1.1',
    turn: 'school',
    texts: 'setup',
    advice:
      'No registration of this institution has this issuer and client_id. Compare both character by character (scheme, trailing slash, white space) with what the LMS shows.',
    adviceByFamily: {
      canvas:
        'Production, beta and test Canvas each have their own issuer, endpoints and keys, and each needs a registration of its own. The client_id is the number of the developer key, not its secret.',
      moodle:
        'The issuer is the site address ($CFG->wwwroot) exactly as “Platform ID” shows it. A moved site or a second domain changes it.',
      blackboard:
        'The issuer is https://blackboard.com for every school; the client_id is the application id of the developer portal.',
      brightspace:
        'The issuer is the https address of the Brightspace site as the registration page shows it.',
      schoology: 'The issuer is https://schoology.schoology.com for every school.',
    },
  },
  client_id_ambiguous: {
    outcome: 'failed_config',
    specification: 'LTI 1.3 Core, 4.1.3',
    turn: 'school',
    texts: 'setup',
    advice:
      'The login came without client_id and several registrations have this issuer. Let the LMS send client_id, or use the login URL of one registration.',
  },
  opened_by_hand: {
    outcome: 'user_error',
    specification: 'LTI 1.3 Core, 5.3.4',
    turn: 'you',
    texts: 'course',
    advice:
      'A person opened a target link or the redirect URI by itself, or reloaded it. These addresses are names inside the LMS; a launch starts at the login initiation URL.',
  },
  login_parameter_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.1',
    turn: 'school',
    texts: 'message',
    advice:
      'iss, login_hint and target_link_uri are required in a login initiation. Someone may have opened the login URL by itself, or a proxy dropped the parameters.',
  },
  login_parameter_invalid: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.1; LTI 1.3 Core, 4.1.1',
    turn: 'school',
    texts: 'message',
    advice:
      'A parameter of the login initiation is too long, is there twice or has characters that cannot be kept, and so cannot be returned unaltered. The trace names it: hints may have 8,000 characters, target_link_uri 4,000, issuers and ids 255.',
  },
  state_unknown: {
    outcome: 'user_error',
    specification: 'RFC 6749, 10.12; OpenID Connect Core 1.0, 3.1.2.1',
    turn: 'you',
    texts: 'expired',
    advice:
      'No open login has this state: it was used once already (reload, back button, double click), it expired and was removed, or it was never issued here.',
  },
  state_expired: {
    outcome: 'user_error',
    specification: 'Hub: a login lives at most five minutes',
    turn: 'you',
    texts: 'expired',
    advice:
      'The answer came after the login had expired. If it happens often, look for a slow sign-in page in the LMS.',
  },
  browser_unproven: {
    outcome: 'user_error',
    specification: '1EdTech LTI OIDC Login with LTI Client Side postMessages 0.1; RFC 6749, 10.12',
    turn: 'you',
    texts: 'browser',
    advice:
      'Neither the cookie nor the LMS’s storage showed that this browser began the login. Third-party cookies are blocked and the LMS offers no storage, or the answer was posted from another browser. Opening in a new window helps.',
    adviceByFamily: {
      canvas:
        'Inside the rich-text editor Canvas has no storage frame; place the tool as a link, or open it in a new tab.',
      moodle: 'Moodle offers no storage: set the launch container to “New window” where cookies are blocked.',
      sakai:
        'Sakai answers storage messages only after org.sakailms.lti.prelaunch; set the family of this registration to Sakai.',
    },
  },
  platform_error: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.2.6; 1EdTech Security Framework 1.0, 5.1.1.5',
    turn: 'you',
    texts: 'refused',
    advice:
      'The LMS answered the authentication request with an error; the trace holds its code. login_required means that the session in the LMS ended, invalid_request and unauthorized_client mean that redirect URI or client_id differ.',
    adviceByFamily: {
      canvas: 'Check that the developer key is on and that its redirect URIs list this launch URL exactly.',
      moodle: 'Check “Redirection URI(s)”: the launch URL has to stand there on a line of its own.',
      brightspace: 'Check that the registration and its deployment are both enabled.',
    },
  },
  registration_disabled: {
    outcome: 'failed_config',
    specification: 'Hub: registration status',
    turn: 'school',
    texts: 'off',
    advice: 'This registration is paused or retired in the hub. Resume it on the connection page.',
  },
  registration_changed: {
    outcome: 'user_error',
    specification: 'Hub: a login keeps the registration it began with',
    turn: 'you',
    texts: 'expired',
    advice: 'The registration was changed between login and launch. Opening again uses the new settings.',
  },
  body_too_large: {
    outcome: 'failed_partner',
    specification: 'Hub: size limit of requests',
    turn: 'school',
    texts: 'message',
    advice:
      'The message is larger than the hub accepts. Look for very long custom parameters or group lists in the LMS.',
  },
  rate_limited: {
    outcome: 'failed_hub',
    specification: 'RFC 6585, 4',
    turn: 'you',
    texts: 'busy',
    advice:
      'The limit of launches for this institution or address was reached. Compare it with the number of pupils who start at the bell.',
  },
  internal: {
    outcome: 'failed_hub',
    specification: 'Hub: internal fault',
    turn: 'hub',
    texts: 'internal',
    advice: 'The hub failed. The log line with this reference holds the cause.',
  },
} as const satisfies Record<string, ReasonEntry>;
