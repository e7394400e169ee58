import type { SubjectConfirmation } from '../assertion.ts';
import { bearer } from '../xml/names.ts';
import { check, type Facts, type SamlCheck, shown } from './facts.ts';

/**
 * The bearer confirmation, and the times that it shares with the Conditions (SAML Profiles 2.0, 4.1.4.2 and
 * 4.1.4.3). One confirmation has to satisfy every rule by itself.
 */
export function checkConfirmation(facts: Facts): SamlCheck[] {
  const bearers = facts.assertion.confirmations.filter(({ method }) => method === bearer);
  const methods = facts.assertion.confirmations.map(({ method }) => method);
  const found = check(
    'subject_confirmation',
    bearers.some(({ hasData }) => hasData),
    `${bearer} with SubjectConfirmationData`,
    methods,
  );
  const attempts = bearers.map((confirmation) => checkOne(facts, confirmation));
  const holds = (checks: SamlCheck[]) => checks.every(({ passed }) => passed);
  return [found, ...(attempts.find(holds) ?? attempts[0] ?? checkOne(facts, undefined))];
}

function checkOne(facts: Facts, confirmation: SubjectConfirmation | undefined): SamlCheck[] {
  const { acsUrl } = facts.connection.serviceProvider;
  return [
    check('recipient', confirmation?.recipient === acsUrl, acsUrl, confirmation?.recipient),
    checkInResponseTo(facts, confirmation),
    checkNotBefore(facts, confirmation),
    checkNotOnOrAfter(facts, confirmation),
  ];
}

/** Response and assertion have to name the one request, or neither of them any. */
function checkInResponseTo(
  { request, response }: Facts,
  confirmation: SubjectConfirmation | undefined,
): SamlCheck {
  const named = [response.inResponseTo, confirmation?.inResponseTo];
  const passed = named.every((id) => id === request?.id);
  return check('in_response_to', passed, request?.id ?? 'no InResponseTo', named);
}

function checkNotBefore(
  { assertion, now, skew }: Facts,
  confirmation: SubjectConfirmation | undefined,
): SamlCheck {
  const bounds = [assertion.conditions?.notBefore, confirmation?.notBefore].filter((at) => at !== undefined);
  const passed = bounds.every((at) => at <= now + skew);
  return check('not_before', passed, `not after ${shown(now)}`, bounds.map(shown));
}

/** Both places have to set an end: without one, an intercepted assertion would be good for ever. */
function checkNotOnOrAfter(
  { assertion, now, skew }: Facts,
  confirmation: SubjectConfirmation | undefined,
): SamlCheck {
  const bounds = [assertion.conditions?.notOnOrAfter, confirmation?.notOnOrAfter];
  const passed = bounds.every((at) => at !== undefined && now - skew < at);
  return check('not_on_or_after', passed, `both after ${shown(now)}`, bounds.map(shown));
}
