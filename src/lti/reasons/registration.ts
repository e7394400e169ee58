import type { ReasonEntry } from './entry.ts';

const dynamicRegistration = 'LTI Dynamic Registration 1.0';

/** Reasons met when an LMS is to take the hub as its tool by dynamic registration. */
export const registrationReasons = {
  registration_opened_by_hand: {
    outcome: 'user_error',
    specification: `${dynamicRegistration}, 3.3`,
    turn: 'you',
    texts: 'pasteLink',
    advice:
      'The link was opened without openid_configuration. It has to be entered in the LMS, where tools are registered by their address.',
    adviceByFamily: {
      canvas: 'Admin → Apps → Manage (or Developer Keys → LTI Registration) → enter the URL.',
      moodle: 'Site administration → Plugins → External tool → Manage tools → Tool URL → Add LTI Advantage.',
      blackboard: 'Developer portal → My apps → register by a dynamic registration URL.',
      brightspace: 'Admin Tools → Manage Extensibility → LTI Advantage → Register Tool → Dynamic.',
      sakai: 'Administration Workspace → Plus/External Tools → LTI Advantage auto-provision.',
    },
  },
  registration_link_unknown: {
    outcome: 'user_error',
    specification: 'Hub: a set-up link belongs to one institution',
    turn: 'you',
    texts: 'setupLink',
    advice: 'No invitation has this token at this address. Make another one with: lms invite.',
  },
  registration_link_used: {
    outcome: 'user_error',
    specification: 'Hub: a set-up link works once',
    turn: 'you',
    texts: 'setupLink',
    advice:
      'The invitation was used: the LMS is connected. Reloading the page ends here too. For another LMS make another invitation.',
  },
  registration_link_expired: {
    outcome: 'user_error',
    specification: 'Hub: a set-up link expires',
    turn: 'you',
    texts: 'setupLink',
    advice: 'The invitation has expired. Make another one with: lms invite.',
  },
  registration_link_revoked: {
    outcome: 'user_error',
    specification: 'Hub: a set-up link can be revoked',
    turn: 'you',
    texts: 'setupLink',
    advice: 'Somebody has revoked the invitation.',
  },
  registration_link_exhausted: {
    outcome: 'user_error',
    specification: 'Hub: a set-up link bears 50 tries',
    turn: 'you',
    texts: 'setupLink',
    advice: 'The invitation was tried too often. Mend what its tries failed of, then make another one.',
  },
  registration_link_busy: {
    outcome: 'user_error',
    specification: 'Hub: one try at a time',
    turn: 'you',
    texts: 'setupBusy',
    advice: 'Another try with this invitation is under way. It ends within a minute.',
  },
  registration_request_invalid: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, 3.3`,
    turn: 'partner',
    texts: 'registration',
    advice:
      'openid_configuration or registration_token is there several times, too long, or has characters that stand in no header.',
  },
  registration_address_refused: {
    outcome: 'failed_config',
    specification: 'Hub: outbound calls go to public https addresses',
    turn: 'school',
    texts: 'registration',
    advice:
      'The configuration or the registration endpoint is at an address that the hub calls for nobody: not https, with a user name, on a private, loopback or link-local network, or the hub’s own.',
  },
  registration_redirected: {
    outcome: 'failed_partner',
    specification: 'Hub: registration follows no redirect',
    turn: 'partner',
    texts: 'registration',
    advice:
      'The LMS answered with a redirect, where a token would be sent on to somebody else. Look for a sign-in page or a moved host in front of it.',
  },
  registration_too_large: {
    outcome: 'failed_partner',
    specification: 'Hub: a registration document has at most 256 kB',
    turn: 'partner',
    texts: 'registration',
    advice: 'The LMS’s answer is larger than any configuration can be, or does not end.',
  },
  registration_timed_out: {
    outcome: 'failed_partner',
    specification: 'Hub: a registration call takes at most 15 seconds',
    turn: 'partner',
    texts: 'registration',
    advice: 'The LMS did not answer in time. If it comes again, look for a firewall between it and the hub.',
  },
  registration_unreachable: {
    outcome: 'failed_partner',
    specification: 'Hub: the LMS has to be reachable from the hub',
    turn: 'school',
    texts: 'registration',
    advice:
      'No connection to the LMS: its name does not resolve, its port is closed, or it is reachable inside the school’s network only.',
  },
  registration_tls_failed: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 3',
    turn: 'school',
    texts: 'registration',
    advice: 'The LMS’s certificate is expired, of another name, self-signed or lacks its chain.',
  },
  registration_configuration_refused: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, 3.4`,
    turn: 'school',
    texts: 'registration',
    advice:
      'The LMS did not give its configuration; the try holds the status. The address is good for a short time only: begin again in the LMS.',
    adviceByFamily: {
      canvas: 'Canvas wants its registration_token there as well, and answers 401 once it has expired.',
    },
  },
  registration_configuration_invalid: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, "Platform Configuration"; OpenID Connect Discovery 1.0, 3`,
    turn: 'partner',
    texts: 'registration',
    advice:
      'The configuration is no JSON object with issuer, authorization_endpoint, token_endpoint, jwks_uri and registration_endpoint, each a complete https address.',
  },
  registration_issuer_mismatch: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, 3.5.1`,
    turn: 'partner',
    texts: 'registration',
    advice:
      'The issuer is not at the host that the configuration came from. If the LMS is set up so on purpose, make an invitation that names its host.',
    adviceByFamily: {
      canvas:
        'A self-hosted Canvas with the issuer https://canvas.instructure.com needs an invitation that names its host.',
    },
  },
  registration_host_refused: {
    outcome: 'failed_partner',
    specification: `Hub: addresses of an LMS are at its own hosts; ${dynamicRegistration}, 3.5.1`,
    turn: 'partner',
    texts: 'registration',
    advice:
      'An address of the configuration is neither at the issuer’s host nor at the vendor’s. If it is right, make an invitation that names its host.',
  },
  registration_unsupported: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 4.1.1, 5.1.1.2 and 5.4',
    turn: 'partner',
    texts: 'registration',
    advice:
      'The LMS says that it has no id_token answers, no RS256 or no private_key_jwt, which LTI 1.3 needs.',
  },
  registration_family_mismatch: {
    outcome: 'failed_config',
    specification: 'Hub: an invitation is for one product',
    turn: 'school',
    texts: 'registration',
    advice:
      'The LMS says that it is another product than the invitation is for. Make one for that product, or one for any.',
  },
  registration_refused: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, 3.6; RFC 7591, 3.2.2`,
    turn: 'school',
    texts: 'registration',
    advice:
      'The LMS refused the registration; the try holds the status. Mostly its token was used or has expired: begin again in the LMS.',
    adviceByFamily: {
      brightspace: 'Name and domain have to be new there: delete an earlier registration of the hub first.',
      moodle: 'Moodle answers 401 when its token was used or is older than an hour.',
    },
  },
  registration_answer_invalid: {
    outcome: 'failed_partner',
    specification: `${dynamicRegistration}, 3.6; RFC 7591, 3.2.1`,
    turn: 'partner',
    texts: 'registration',
    advice:
      'The LMS’s answer has no client_id, or other addresses than those of the hub. Delete the half-made tool there before the next try.',
  },
  registration_exists: {
    outcome: 'failed_config',
    specification: 'Hub: an issuer and client_id are connected once',
    turn: 'school',
    texts: 'registration',
    advice: 'The LMS gave a client_id that is connected already. Update that connection instead.',
  },
} as const satisfies Record<string, ReasonEntry>;

export type RegistrationReason = keyof typeof registrationReasons;
