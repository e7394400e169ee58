import type { SignedIn, SignInResult } from '../sign-in.ts';
import type { Assertion } from './assertion.ts';
import type { SamlReason } from './reasons.ts';
import { checkAssertion, longestLife } from './rules/assertion.ts';
import { checkAuthentication } from './rules/authentication.ts';
import { checkConfirmation } from './rules/confirmation.ts';
import type { Facts } from './rules/facts.ts';
import { checkPerson, firstOf, subjectOf, valuesOf } from './rules/person.ts';
import { checkResponse } from './rules/response.ts';

/** Kept until no copy of the assertion could be accepted any more: a second one with this id is a replay. */
export interface OneTime {
  readonly id: string;
  readonly expires: Date;
}

export type CheckedSignIn =
  | (Extract<SignInResult<SamlReason>, { accepted: true }> & { readonly oneTime: OneTime })
  | Extract<SignInResult<SamlReason>, { accepted: false }>;

/**
 * Holds an assertion, read from signed octets, against everything that is expected of it. Pure: all rules are
 * looked at each time, so that a test sign-in shows every one of them; the first that is broken decides.
 */
export function checkSignIn(facts: Facts): CheckedSignIn {
  const checks = [
    ...checkResponse(facts),
    ...checkAssertion(facts),
    ...checkConfirmation(facts),
    ...checkAuthentication(facts),
    ...checkPerson(facts),
  ];
  const broken = checks.find(({ passed }) => !passed);
  if (broken !== undefined) return { accepted: false, reason: broken.rule, checks };
  return { accepted: true, signedIn: describe(facts), checks, oneTime: oneTimeOf(facts) };
}

function oneTimeOf({ assertion, skew }: Facts): OneTime {
  const ends = [
    assertion.conditions?.notOnOrAfter,
    assertion.issueInstant === undefined ? undefined : assertion.issueInstant + longestLife,
  ].filter((at) => at !== undefined);
  return { id: assertion.id, expires: new Date(Math.min(...ends) + skew) };
}

function describe({ assertion, connection }: Facts): SignedIn {
  const { mapping, identityProvider } = connection;
  const endsAt = earliestEnd(assertion);
  return {
    issuer: identityProvider.entityId,
    subject: subjectOf(assertion, mapping.subject) ?? '',
    attributes: assertion.attributes,
    ...optional('name', firstOf(assertion, mapping, 'name')),
    ...optional('givenName', firstOf(assertion, mapping, 'givenName')),
    ...optional('familyName', firstOf(assertion, mapping, 'familyName')),
    ...optional('email', firstOf(assertion, mapping, 'email')),
    ...optional('locale', firstOf(assertion, mapping, 'locale')),
    groups: [...new Set(valuesOf(assertion, mapping.groups))],
    ...(endsAt === undefined ? {} : { endsAt }),
    ...partnerSession(assertion),
  };
}

function earliestEnd({ authnStatements }: Assertion): Date | undefined {
  const ends = authnStatements
    .map(({ sessionNotOnOrAfter }) => sessionNotOnOrAfter)
    .filter((at) => at !== undefined);
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

/** What a logout has to name again (SAML Core 2.0, 3.7.1); without a NameID there is nothing to name. */
function partnerSession({ nameId, authnStatements }: Assertion): Pick<SignedIn, 'partnerSession'> {
  if (nameId === undefined) return {};
  const sessionIndex = authnStatements.find(
    (statement) => statement.sessionIndex !== undefined,
  )?.sessionIndex;
  return {
    partnerSession: {
      nameId: nameId.value,
      ...optional('format', nameId.format),
      ...optional('nameQualifier', nameId.nameQualifier),
      ...optional('spNameQualifier', nameId.spNameQualifier),
      ...optional('sessionIndex', sessionIndex),
    },
  };
}

function optional<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: string };
}
