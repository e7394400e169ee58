import type { RegistrationReason } from '../reasons/registration.ts';
import type { LmsFamily } from '../reasons.ts';
import { reason as reasonEntry } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import {
  beginAttempt,
  type Closed,
  failAttempt,
  findInvitation,
  type OpenAttempt,
  within,
} from './attempts.ts';
import { invitationState } from './invitation.ts';
import { keepRegistration } from './keep-registration.ts';
import {
  type Failure,
  type Negotiated,
  negotiate,
  type RegistrationInput,
  type RegistrationServices,
} from './negotiate.ts';
import { registeredPage } from './registered-page.ts';

const reasonOfState: Readonly<Record<Closed, RegistrationReason>> = {
  unknown: 'registration_link_unknown',
  used: 'registration_link_used',
  revoked: 'registration_link_revoked',
  expired: 'registration_link_expired',
  exhausted: 'registration_link_exhausted',
  busy: 'registration_link_busy',
};

/**
 * Registers the hub as a tool of the LMS that opened a set-up link (LTI Dynamic Registration 1.0 §3). A try that fails leaves
 * the link as it was, and a row that says why.
 */
export async function registerWithLms(
  services: RegistrationServices,
  input: RegistrationInput,
): Promise<Reply> {
  const { db, clock } = services;
  const { tenant, token, parameters } = input;
  if (parameters.openid_configuration === undefined) return explainLink(services, input);
  const startedAt = clock.now();
  const begun = await within(db, tenant, (tx) => beginAttempt(tx, { token, side: 'lms', now: startedAt }));
  if (!begun.ok) return refuseLink(services, input, begun.state);
  const { attempt } = begun;
  try {
    const result = await negotiate(services, input, attempt);
    if ('reason' in result) return await refuseAttempt(services, input, attempt, result, startedAt);
    const kept = await keepRegistration(services, { ...result, tenant, attempt, reference: input.reference });
    if ('reason' in kept) return await refuseAttempt(services, input, attempt, kept, startedAt);
    const { family } = result.configuration;
    services.recordCall({
      ...{ kind: 'registration', outcome: 'success', reason: null, partner: family, startedAt },
      ...(tenant !== undefined && { tenantId: tenant.tenantId, connectionId: kept.madeId }),
    });
    return showRegistered(services, input, result);
  } catch (error) {
    await breakOff(services, input, attempt, startedAt);
    throw error;
  }
}

/** The hub itself failed: the next try need not wait. Where not even this can be written, the try's time ends. */
async function breakOff(
  { db, clock, recordCall }: RegistrationServices,
  { tenant, reference }: RegistrationInput,
  attempt: OpenAttempt<'lms'>,
  startedAt: number,
): Promise<void> {
  const failure = { outcome: 'failed_hub', reason: 'internal' } as const;
  const partner = attempt.invitation.terms.family;
  const owner = tenant && { tenantId: tenant.tenantId };
  recordCall({ kind: 'registration', ...failure, partner, startedAt, ...owner });
  const end = { reference, ...failure, host: null, httpStatus: null };
  await within(db, tenant, (tx) => failAttempt(tx, attempt, end, clock.now())).catch(() => undefined);
}

/** Somebody opened the link by hand: what to do with it, if it still is of use. */
async function explainLink(services: RegistrationServices, input: RegistrationInput): Promise<Reply> {
  const { db, clock } = services;
  const found = await within(db, input.tenant, (tx) => findInvitation(tx, input.token, 'lms'));
  if (found === undefined) return refuseLink(services, input, 'unknown');
  const state = invitationState(found, clock.now());
  if (state !== 'open' && state !== 'busy') return refuseLink(services, input, state);
  return refusal(services, input, 'registration_opened_by_hand', found.terms.family);
}

/** Anybody could have sent it: it is counted as nobody's failure. */
function refuseLink(services: RegistrationServices, input: RegistrationInput, state: Closed): Reply {
  const reason = reasonOfState[state];
  const owner = input.tenant && { tenantId: input.tenant.tenantId };
  services.recordRefusal({ kind: 'registration', outcome: 'user_error', reason, ...owner });
  return refusal(services, input, reason, 'generic');
}

async function refuseAttempt(
  services: RegistrationServices,
  input: RegistrationInput,
  attempt: OpenAttempt<'lms'>,
  { reason, host, httpStatus = undefined }: Failure,
  startedAt: number,
): Promise<Reply> {
  const { db, clock, recordCall } = services;
  const { tenant, reference } = input;
  const { family } = attempt.invitation.terms;
  const { outcome } = reasonEntry(reason);
  const end = { reference, outcome, reason, host, httpStatus: httpStatus ?? null };
  await within(db, tenant, (tx) => failAttempt(tx, attempt, end, clock.now()));
  const owner = tenant && { tenantId: tenant.tenantId };
  recordCall({ kind: 'registration', outcome, reason, partner: family, startedAt, ...owner });
  return refusal(services, input, reason, family);
}

function refusal(
  { frameAncestors }: RegistrationServices,
  { tenant, reference }: RegistrationInput,
  reason: RegistrationReason,
  family: LmsFamily,
): Reply {
  return { kind: 'refused', reason, reference, family, frameAncestors, tenantLocale: tenant?.locale };
}

function showRegistered(
  { frameAncestors }: RegistrationServices,
  { tenant }: RegistrationInput,
  { configuration: { family }, answer }: Negotiated,
): Reply {
  const { clientId, missingScopes } = answer;
  return {
    kind: 'page',
    frameAncestors,
    tenantLocale: tenant?.locale,
    render: (environment) => registeredPage(environment, { family, clientId, missingScopes }),
  };
}
