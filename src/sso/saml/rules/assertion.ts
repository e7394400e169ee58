import { check, type Facts, type SamlCheck, shown } from './facts.ts';

/** Older assertions are refused whatever else they say; also bounds how long their IDs have to be remembered. */
export const longestLife = 24 * 3_600_000;

/** Who says it, to whom, and for which time (SAML Core 2.0, 2.3.3 and 2.5.1). */
export function checkAssertion(facts: Facts): SamlCheck[] {
  const { assertion, response, connection, now, skew } = facts;
  const { entityId } = connection.identityProvider;
  const issuers = [assertion.issuer, ...(response.issuer === undefined ? [] : [response.issuer])];
  const { issueInstant, conditions } = assertion;
  const unknown = conditions?.unknown ?? [];
  return [
    check('version', assertion.version === '2.0', '2.0', assertion.version),
    check(
      'issuer',
      issuers.every((issuer) => issuer === entityId),
      entityId,
      issuers,
    ),
    check(
      'issue_instant',
      issueInstant !== undefined && issueInstant <= now + skew && now - skew < issueInstant + longestLife,
      `not after ${shown(now)}, and within 24 hours`,
      shown(issueInstant),
    ),
    check('audience', isForUs(facts), connection.serviceProvider.entityId, conditions?.audiences.flat()),
    // An assertion with a condition that nobody here understands is not valid (SAML Core 2.0, 2.5.1.1).
    check('condition', unknown.length === 0, 'known conditions only', unknown),
  ];
}

/** At least one restriction, and each of them names us (SAML Profiles 2.0, 4.1.4.2; SAML Core 2.0, 2.5.1.4). */
function isForUs({ assertion, connection }: Facts): boolean {
  const audiences = assertion.conditions?.audiences ?? [];
  return (
    audiences.length > 0 && audiences.every((list) => list.includes(connection.serviceProvider.entityId))
  );
}
