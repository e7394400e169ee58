import type { Outcome } from '../../../contracts/health.ts';
import { overdue } from './overdue-store.ts';

interface NoticeReason {
  readonly outcome: Outcome;
  readonly advice: string;
}

/** Why exchanges about notices end as they do; what is in brackets stands for several codes. */
export const noticeReasons = {
  handler_gone: {
    outcome: 'suppressed',
    advice: 'The tool has taken its handler back, was switched off, or may have no notices any more.',
  },
  tenant_paused: { outcome: 'suppressed', advice: 'The institution is paused; the notice waits.' },
  '(status_…)': {
    outcome: 'failed_partner',
    advice: 'The tool answered with this HTTP status instead of one of success. 410 ends its notice at once.',
  },
  '(outbound_…)': {
    outcome: 'failed_partner',
    advice: 'The tool did not answer, or not in HTTP. It is tried again over three days.',
  },
  [overdue]: {
    outcome: 'failed_partner',
    advice: 'The tool lets every notice wait, so that the turn of this one never came.',
  },
  lms_refused: {
    outcome: 'failed_partner',
    advice: 'The LMS refuses the hub’s address for its notices. It is asked again a day later.',
  },
  lms_unavailable: {
    outcome: 'failed_partner',
    advice: 'The LMS could not be asked to send its notices. It is tried again.',
  },
  lms_misconfigured: {
    outcome: 'failed_config',
    advice: 'The LMS knows the hub, and does not let it have notices. Compare scopes and keys there.',
  },
  '(refused notice)': {
    outcome: 'user_error',
    advice: 'A notice was posted here that cannot be proven, for a reason of launches or `notice_invalid`.',
  },
} as const satisfies Record<string, NoticeReason>;
