import { type ExchangeKind, type Outcome, outcomeMeanings } from '../../../contracts/health.ts';
import { gradeReasons } from '../../grades/reasons.ts';
import { noticeReasons } from '../../lti/notices/reasons.ts';
import { registrationReasons } from '../../lti/reasons/registration.ts';
import { reason, reasonCodes } from '../../lti/reasons.ts';
import { outcomeOfFailure } from '../../lti/recorded-calls.ts';
import { toolRegistrationRefusals } from '../../lti/registration/register-tool.ts';
import { tokenRefusals } from '../../lti/token/refusals.ts';
import { ldapReason, ldapReasons } from '../../sso/ldap/reasons.ts';
import { oidcReason, oidcReasons } from '../../sso/oidc/reasons.ts';
import { sharedReasons } from '../../sso/reasons/every-way.ts';
import { samlReason, samlReasons } from '../../sso/saml/reasons.ts';
import { failureRules } from '../../sync/sync.ts';

/** A reason, and how an exchange that ends for it counts. */
export interface ReasonMeaning {
  /** As it stands in rows, reports and alerts: its meaning never changes. */
  readonly code: string;
  /** The protocol it is of, where the same code stands in several. */
  readonly by?: string;
  readonly outcome: Outcome;
  /** What is wrong and what mends it, or when it is met. */
  readonly about: string;
}

const entriesOf = (
  catalogue: Readonly<Record<string, { outcome: Outcome; advice: string }>>,
): ReasonMeaning[] =>
  Object.entries(catalogue).map(([code, { outcome, advice }]) => ({ code, outcome, about: advice }));

const serviceCalls = (): ReasonMeaning[] =>
  Object.entries(outcomeOfFailure).map(([code, outcome]) => ({
    code: `(${code.replaceAll('_', ' ')})`,
    outcome,
    about: `Every refusal of this kind; ${outcomeMeanings[outcome].about.toLowerCase()}.`,
  }));

/** How runs end that no failure has ended. */
const runEndings: readonly ReasonMeaning[] = [
  { code: 'dry_run', outcome: 'suppressed', about: 'It was asked for as a plan alone.' },
  { code: 'superseded', outcome: 'suppressed', about: 'A newer plan has taken its place.' },
  { code: 'plan_expired', outcome: 'suppressed', about: 'Nobody has decided on its plan in time.' },
  { code: 'discarded', outcome: 'suppressed', about: 'Somebody has given its plan up.' },
  { code: 'removals_discarded', outcome: 'success', about: 'All but its removals were applied.' },
  { code: 'roster_disabled', outcome: 'suppressed', about: 'The roster was switched off meanwhile.' },
  { code: 'cancelled', outcome: 'user_error', about: 'Somebody has ended it.' },
  {
    code: 'run_breaks_off',
    outcome: 'failed_hub',
    about: 'The copies that worked on it broke off again and again.',
  },
  { code: 'internal', outcome: 'failed_hub', about: 'Something failed in the hub itself.' },
];

/**
 * Why exchanges of each kind end as they do: the one place where all that features say about their own reasons comes
 * together. A new kind is one entry.
 */
export const reasonsOf: Readonly<Record<ExchangeKind, () => readonly ReasonMeaning[]>> = {
  launch: () =>
    reasonCodes
      .filter((code) => !Object.hasOwn(registrationReasons, code))
      .map((code) => {
        const { outcome, advice } = reason(code);
        return { code, outcome, about: advice };
      }),
  sign_in: () => [
    ...entriesOf(sharedReasons),
    ...samlReasons.map((code) => ({ code, by: 'saml', ...about(samlReason(code)) })),
    ...oidcReasons.map((code) => ({ code, by: 'oidc', ...about(oidcReason(code)) })),
    ...ldapReasons.map((code) => ({ code, by: 'ldap', ...about(ldapReason(code)) })),
  ],
  token_request: () =>
    Object.entries(tokenRefusals).map(([code, { description }]) => ({
      code,
      // Before the signature is verified, anybody could have sent it: then it is a user_error.
      outcome: 'failed_config',
      about: description,
    })),
  ags_call: serviceCalls,
  nrps_call: serviceCalls,
  deep_linking: () => [],
  registration: () => [...entriesOf(registrationReasons), ...entriesOf(toolRegistrationRefusals)],
  grade_delivery: () => entriesOf(gradeReasons),
  sync_run: () => [
    ...Object.entries(failureRules).map(([code, { outcome, isTriedAgain }]) => ({
      code: `(${code.replaceAll('_', ' ')})`,
      outcome,
      about: `Every failure of this kind that a connector reports${isTriedAgain ? ', when it lasts' : ''}.`,
    })),
    ...runEndings,
  ],
  webhook: () => [...entriesOf(noticeReasons), ...serviceCalls()],
};

function about({ outcome, advice }: { outcome: Outcome; advice: string }): Omit<ReasonMeaning, 'code'> {
  return { outcome, about: advice };
}
