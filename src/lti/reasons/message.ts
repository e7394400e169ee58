import type { ReasonEntry } from './entry.ts';

/** Reasons found in the LTI claims of a verified token, and in what they lead to. */
export const messageReasons = {
  version_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.2',
    turn: 'partner',
    texts: 'message',
    advice: 'The version claim is missing.',
  },
  version_wrong: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.2',
    turn: 'partner',
    texts: 'message',
    advice: 'The version claim has to be exactly 1.3.0.',
  },
  message_type_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.1',
    turn: 'partner',
    texts: 'message',
    advice: 'The message_type claim is missing.',
  },
  message_type_unsupported: {
    outcome: 'failed_config',
    specification: 'LTI 1.3 Core, 5.3.1',
    turn: 'school',
    texts: 'setup',
    advice:
      'The hub does not serve this message type here. Remove the placement that sends it from the registration in the LMS.',
  },
  deployment_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.3',
    turn: 'partner',
    texts: 'message',
    advice: 'The deployment_id claim is missing.',
  },
  deployment_too_long: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.3',
    turn: 'partner',
    texts: 'message',
    advice: 'deployment_id is longer than 255 characters.',
  },
  deployment_unknown: {
    outcome: 'failed_config',
    specification: 'LTI 1.3 Core, 5.3.3',
    turn: 'school',
    texts: 'waiting',
    advice:
      'The registration is known, this deployment is not. An administrator of the institution claims it on the console; the launch then goes on.',
    adviceByFamily: {
      canvas: 'Every account or course that installs the app by its client_id makes a deployment of its own.',
      moodle: 'Deleting a tool and adding it again gives it a new deployment.',
      blackboard: 'The deployment is the school: claim it once for each school.',
      brightspace: 'Each deployment made on the “External learning tools” page has its own id.',
    },
  },
  roles_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.7',
    turn: 'partner',
    texts: 'message',
    advice: 'The roles claim is required; it may be empty.',
  },
  roles_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.7',
    turn: 'partner',
    texts: 'message',
    advice: 'The roles claim has to be an array of strings.',
  },
  resource_link_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.5',
    turn: 'partner',
    texts: 'message',
    advice: 'resource_link.id is required in a resource link launch.',
  },
  target_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.4',
    turn: 'partner',
    texts: 'message',
    advice: 'The target_link_uri claim is required in a resource link launch.',
  },
  target_unknown: {
    outcome: 'failed_config',
    specification: 'LTI 1.3 Core, 5.3.4',
    turn: 'school',
    texts: 'link',
    advice:
      'target_link_uri leads to no tool of this institution. Add the link again by deep linking, or paste the tool’s link from the connection page.',
  },
  target_mismatch: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.3.4',
    turn: 'partner',
    texts: 'message',
    advice: 'The target_link_uri claim differs from the one in the login. The hub goes by the signed claim.',
    adviceByFamily: { moodle: 'Moodle’s “Secure tool URL” makes them differ; leave it empty.' },
    warnsByDefault: true,
  },
  sub_missing: {
    outcome: 'failed_config',
    specification: 'LTI 1.3 Core, 5.3.6',
    turn: 'school',
    texts: 'identity',
    advice:
      'The launch is anonymous (no sub). Let the LMS send the user’s id, or allow anonymous launches in the registration’s settings.',
    adviceByFamily: {
      canvas:
        'A privacy level of “Anonymous” still sends sub; a missing one points to a public course opened without signing in.',
    },
  },
  for_user_missing: {
    outcome: 'failed_partner',
    specification: 'Submission Review 1.0, "For user claim"',
    turn: 'partner',
    texts: 'message',
    advice: 'A submission review has to name the learner: for_user.user_id is missing.',
    adviceByFamily: {
      brightspace: 'Open the review from the learner’s row in the gradebook, not from the activity itself.',
    },
  },
  review_line_item_missing: {
    outcome: 'failed_partner',
    specification: 'Submission Review 1.0, "LtiSubmissionReviewRequest claims"',
    turn: 'partner',
    texts: 'message',
    advice:
      'A submission review has to name the line item: the lineitem of the grade service claim is missing. Check that the LMS lets this tool use the grade service.',
    adviceByFamily: {
      moodle:
        'Set the tool’s “IMS LTI Assignment and Grade Services” to use them for grade sync and column management.',
      canvas: 'Switch the line item and score scopes on in the developer key.',
    },
  },
  review_context_missing: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5.4.1',
    turn: 'partner',
    texts: 'message',
    advice:
      'A submission review has to name the course of its line item: the id of the context claim is missing. Open it from the gradebook of the course.',
  },
  claims_invalid: {
    outcome: 'failed_partner',
    specification: 'LTI 1.3 Core, 5',
    turn: 'partner',
    texts: 'message',
    advice:
      'deployment_id, sub, context.id, resource_link.id or target_link_uri cannot be kept as the LMS sends it: it is neither text nor a whole number that JSON keeps exactly, is too long (ids 255 characters, the link 4,000), or has characters that it must not have.',
  },
  tool_not_enabled: {
    outcome: 'failed_config',
    specification: 'Hub: tool enablement',
    turn: 'school',
    texts: 'off',
    advice: 'The tool exists but is not enabled for this institution.',
  },
  tool_ambiguous: {
    outcome: 'failed_config',
    specification: 'Hub: target links',
    turn: 'school',
    texts: 'link',
    advice: 'The bare launch URL works only where exactly one tool is enabled. Use the link of one tool.',
  },
  tool_disabled: {
    outcome: 'failed_config',
    specification: 'Hub: tool status',
    turn: 'hub',
    texts: 'off',
    advice: 'The tool is switched off for all institutions.',
  },
} as const satisfies Record<string, ReasonEntry>;
