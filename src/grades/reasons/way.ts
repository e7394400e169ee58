import type { GradeReasonEntry } from './entry.ts';

/** What happens on the way to the LMS. The hub tries again by itself, and stops where settings are at fault. */
export const wayReasons = {
  throttled: {
    outcome: 'failed_partner',
    turn: 'nobody',
    happened: 'The LMS asks the hub to send more slowly.',
    advice: 'Nothing: the hub waits as long as the LMS asks. If it lasts, ask the LMS for a higher limit.',
    adviceByFamily: {
      canvas: 'Canvas throttles with 403 as well as 429.',
      brightspace: 'Brightspace counts the calls of all services of one registration together.',
    },
  },
  server_error: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'The LMS had a fault of its own.',
    advice: 'The hub tries again by itself. If it lasts, the LMS’s own log says why.',
  },
  answer_invalid: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'The answer of the LMS could not be understood.',
    advice: 'A proxy or a sign-in page may stand before the LMS’s services. The hub tries again by itself.',
  },
  timeout: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'The LMS did not answer in time.',
    advice: 'The hub tries again by itself, and reads the result first where the score may have arrived.',
  },
  unreachable: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'The LMS cannot be reached.',
    advice: 'The hub tries again by itself. If it lasts, check the LMS’s name and that it lets the hub in.',
  },
  tls_failed: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'No safe connection to the LMS can be made.',
    advice: 'Its certificate has expired, names another host, or lacks its chain. Renew it at the LMS.',
  },
  address_refused: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The address of the gradebook is one that the hub calls on no account.',
    advice: 'It is not https, or leads into a private network. Compare the addresses that the LMS sends.',
  },
  token_refused: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The LMS gives the hub no access token.',
    advice:
      'Compare client ID, token URL and token audience with the LMS (lms show), and see that it reads the hub’s key set. An answer of 200 without a token means that the token URL leads elsewhere, to a sign-in page for one.',
    adviceByFamily: {
      canvas: 'The developer key has to be on, and the audience exactly the token URL.',
      moodle: 'The tool has to have a public key set (not a pasted key) after a change of keys.',
      brightspace: 'The audience is https://api.brightspace.com/auth/token, not the token URL.',
      blackboard: 'The application has to be approved by the school under LTI Tool Providers.',
    },
  },
  token_unavailable: {
    outcome: 'failed_partner',
    turn: 'lms',
    happened: 'The token service of the LMS does not answer as it should.',
    advice: 'The hub tries again by itself.',
  },
  scope_missing: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The LMS has not allowed the hub to write scores.',
    advice: 'Allow the score scope of Assignment and Grade Services in the LMS’s registration of the hub.',
    adviceByFamily: {
      canvas: 'Developer Keys → LTI key → scopes: turn on “Can create and update submission results”.',
      moodle: 'Tool settings → Services → IMS LTI Assignment and Grade Services: choose grade sync.',
      brightspace: 'The deployment as well as the registration needs Assignment and Grade Services.',
      sakai: 'Allow “Send grades” for the tool.',
    },
  },
  access_denied: {
    outcome: 'failed_config',
    turn: 'lms',
    happened: 'The LMS does not let the hub at this gradebook.',
    advice: 'See that the tool is still deployed in this course and allowed to send grades.',
  },
  connection_disabled: {
    outcome: 'failed_config',
    turn: 'hub',
    happened: 'The connection to the LMS is switched off in the hub.',
    advice: 'Switch it on: lms update … --status active. What waits goes on by itself then.',
  },
  token_url_missing: {
    outcome: 'failed_config',
    turn: 'hub',
    happened: 'The hub does not know where this LMS gives access tokens.',
    advice: 'Enter it: lms update … --token-url. What waits goes on by itself then.',
  },
} as const satisfies Record<string, GradeReasonEntry>;

/** What happens in the hub itself. */
export const hubReasons = {
  waiting_for_destination: {
    outcome: 'failed_config',
    turn: 'hub',
    happened: 'The tool was opened from the portal, and the school has no place yet to which such scores go.',
    advice:
      'Nothing is lost and nothing is tried in vain: the score is kept, the tool can read it back, and it goes on by itself once a gradebook is connected for this roster.',
  },
  worker_lost: {
    outcome: 'expired_unknown',
    turn: 'nobody',
    happened: 'The hub was stopped while it sent the score, so nobody knows whether it arrived.',
    advice:
      'Nothing: the next try reads the result first. If it happens often, see why the hub’s processes end.',
  },
  person_left: {
    outcome: 'user_error',
    turn: 'nobody',
    happened: 'The person is no longer known at this LMS.',
    advice: 'Their tie to the LMS was removed. When they open an activity again, new scores find them.',
  },
  gave_up: {
    outcome: 'failed_partner',
    turn: 'hub',
    happened: 'The hub tried for days, and then gave up.',
    advice: 'See the last attempts. When the LMS is well again, replay the delivery.',
  },
  newer_score: {
    outcome: 'success',
    turn: 'nobody',
    happened: 'A newer score of the same person took its place.',
    advice: 'Nothing: the newest score wins.',
  },
  discarded: {
    outcome: 'suppressed',
    turn: 'nobody',
    happened: 'An operator chose not to send it.',
    advice: 'The audit trail says who did so and why.',
  },
} as const satisfies Record<string, GradeReasonEntry>;
