import type { ReasonEntry } from './entry.ts';

/** Reasons met when a tool answers the hub’s login initiation at the authorize endpoint. */
export const outboundReasons = {
  client_unknown: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2; RFC 6749, 4.1.2.1',
    turn: 'partner',
    texts: 'tool',
    advice: 'No tool has this client_id. Compare it with the tool’s registration in the hub.',
  },
  redirect_uri_mismatch: {
    outcome: 'failed_config',
    specification: 'OpenID Connect Core 1.0, 3.1.2.1; 1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice:
      'redirect_uri is not among the tool’s registered ones. It has to be equal character by character.',
  },
  scope_invalid: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'scope has to be openid.',
  },
  response_type_unsupported: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'response_type has to be id_token.',
  },
  response_mode_invalid: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'response_mode has to be form_post.',
  },
  prompt_invalid: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'prompt has to be none.',
  },
  nonce_missing_from_tool: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'The tool’s authentication request has no nonce.',
  },
  nonce_invalid_from_tool: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice:
      'The nonce of the tool’s authentication request is longer than 1,000 characters, or has characters that cannot be kept.',
  },
  state_too_long: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.2.1',
    turn: 'partner',
    texts: 'tool',
    advice:
      'The state of the tool’s authentication request is longer than 16,000 characters. Let the tool keep what it holds, and send a name for it.',
  },
  hint_unknown: {
    outcome: 'user_error',
    specification: 'LTI 1.3 Core, 4.1.1',
    turn: 'you',
    texts: 'expired',
    advice: 'lti_message_hint was used once already, or the tool changed it. It has to come back unaltered.',
  },
  hint_expired: {
    outcome: 'user_error',
    specification: 'LTI 1.3 Core, 4.1.1; hub: hints live at most five minutes',
    turn: 'you',
    texts: 'expired',
    advice:
      'The tool came to the authorize endpoint too late. If it happens often, look at how long the tool takes at its login URL.',
  },
  hint_mismatch: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 4.1.1',
    turn: 'partner',
    texts: 'tool',
    advice:
      'The hint belongs to another tool or deployment than the request. The tool mixes up two launches or two platforms.',
  },
  login_hint_mismatch: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.1.2',
    turn: 'partner',
    texts: 'tool',
    advice: 'login_hint is not the one of this launch. The tool has to echo it unaltered.',
  },
  browser_unproven_at_authorize: {
    outcome: 'user_error',
    specification: '1EdTech Security Framework 1.0, 5.1.1.3',
    turn: 'you',
    texts: 'browser',
    advice:
      'The browser at the authorize endpoint did not show that it is the one that was launched. Present this tool framed or in a new window where cookies are blocked.',
  },
  launch_abandoned: {
    outcome: 'expired_unknown',
    specification: 'Hub: a launch that no tool fetched in time',
    turn: 'partner',
    texts: 'expired',
    advice:
      'The tool never came to the authorize endpoint. Its login URL is wrong or down, it refused to be framed, or the person left.',
  },
} as const satisfies Record<string, ReasonEntry>;
