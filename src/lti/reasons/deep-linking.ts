import type { ReasonEntry } from './entry.ts';

/** Reasons met when a teacher chooses content: what the LMS asked for, and what the tool answered. */
export const deepLinkingReasons = {
  deep_linking_settings_missing: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.4.1',
    turn: 'partner',
    texts: 'message',
    advice: 'The deep_linking_settings claim is missing.',
  },
  deep_linking_settings_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.4.1',
    turn: 'partner',
    texts: 'message',
    advice:
      'accept_types and accept_presentation_document_targets have to be lists of texts, and data at most 32,000 characters.',
  },
  deep_linking_return_url_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.4.1',
    turn: 'partner',
    texts: 'message',
    advice: 'deep_link_return_url has to be a complete address that begins with https.',
  },
  tool_not_chosen: {
    outcome: 'user_error',
    specification: 'Hub: choice among several tools',
    turn: 'you',
    texts: 'expired',
    advice: 'Nobody chose one of the tools that were offered, or the person went back.',
  },
  answer_malformed: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.5; RFC 7519, 7.2',
    turn: 'partner',
    texts: 'content',
    advice:
      'The tool’s answer is missing or is not a signed JWT with text claims as the specification wants them. It belongs in the form field JWT.',
  },
  answer_unknown: {
    outcome: 'user_error',
    specification: 'LTI Deep Linking 2.0, 4.5.4',
    turn: 'you',
    texts: 'chooseAgain',
    advice:
      'data is not that of a request that is open: it was answered already, is too old, or the tool did not return it unchanged.',
  },
  answer_unsigned: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 5.4',
    turn: 'partner',
    texts: 'content',
    advice:
      'The tool’s answer is not signed by a key of the key set that the tool registered at the hub. Compare kid, algorithm (RS256) and key set.',
  },
  answer_key_unreachable: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 6.3',
    turn: 'partner',
    texts: 'content',
    advice: 'The tool’s key set could not be fetched, or none is registered at the hub.',
  },
  answer_issuer_mismatch: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.2.2',
    turn: 'partner',
    texts: 'content',
    advice: 'iss of the tool’s answer has to be its client_id at the hub.',
  },
  answer_audience_mismatch: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.2.2',
    turn: 'partner',
    texts: 'content',
    advice: 'aud of the tool’s answer has to be the hub’s issuer, and nobody else.',
  },
  answer_expired: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.2.2',
    turn: 'partner',
    texts: 'content',
    advice:
      'exp and iat of the tool’s answer have to be there, exp ahead and iat just past; nbf, where it is there, past as well. Check the clock of the tool.',
  },
  answer_message_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.5.1–4.5.2; LTI 1.3 Core, 5.3',
    turn: 'partner',
    texts: 'content',
    advice:
      'message_type has to be LtiDeepLinkingResponse, version 1.3.0, and nonce a text of at most 255 characters.',
  },
  answer_deployment_mismatch: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 4.5.3',
    turn: 'partner',
    texts: 'content',
    advice: 'deployment_id of the tool’s answer is not the one of the request.',
  },
  answer_repeated: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.2.2',
    turn: 'partner',
    texts: 'content',
    advice: 'The tool has used this nonce before. Each answer needs a new one.',
  },
  answer_browser_unproven: {
    outcome: 'user_error',
    specification: 'Hub: the browser that was asked has to answer; RFC 6749, 10.12',
    turn: 'you',
    texts: 'browser',
    advice:
      'The answer came from a browser that is not the one in which the tool was opened, or that keeps no cookies here.',
  },
  answer_items_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI Deep Linking 2.0, 3 and 4.5.5',
    turn: 'partner',
    texts: 'content',
    advice:
      'content_items has to be a list of at most 200 items, each with a type and what that type requires. The log line names the member.',
  },
  answer_item_outside_tool: {
    outcome: 'failed_partner',
    specification: 'Hub: links lead into the tool that made them',
    turn: 'partner',
    texts: 'content',
    advice: 'The url of an ltiResourceLink is at none of the hosts that the tool has registered at the hub.',
  },
} as const satisfies Record<string, ReasonEntry>;
