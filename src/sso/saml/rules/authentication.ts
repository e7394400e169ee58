import { check, type Facts, type SamlCheck, shown } from './facts.ts';

/** How and when the person proved who they are (SAML Core 2.0, 2.7.2; 3.4.1 for ForceAuthn). */
export function checkAuthentication(facts: Facts): SamlCheck[] {
  const { authnStatements } = facts.assertion;
  if (authnStatements.length === 0) return [check('authn_statement', false, 'an AuthnStatement', undefined)];
  return [checkInstant(facts), ...checkContext(facts), ...checkSession(facts)];
}

/** Never in the future; after the request, where that asked for a new authentication. */
function checkInstant({ assertion, request, now, skew }: Facts): SamlCheck {
  const since = request?.forceAuthn === true ? request.issuedAt.getTime() : undefined;
  const instants = assertion.authnStatements.map(({ authnInstant }) => authnInstant);
  const passed = instants.every(
    (at) => at !== undefined && at <= now + skew && (since === undefined || at >= since - skew),
  );
  const expected =
    since === undefined ? `not after ${shown(now)}` : `between ${shown(since)} and ${shown(now)}`;
  return check('authn_instant', passed, expected, instants.map(shown));
}

function checkContext({ assertion, request, connection }: Facts): SamlCheck[] {
  const wanted = request?.requestedAuthnContext ?? connection.requestedAuthnContext;
  if (wanted.length === 0) return [];
  const classes = assertion.authnStatements.map(({ contextClass }) => contextClass);
  const passed = classes.some((name) => name !== undefined && wanted.includes(name));
  return [check('authn_context', passed, wanted.join(' or '), classes)];
}

function checkSession({ assertion, now, skew }: Facts): SamlCheck[] {
  const ends = assertion.authnStatements.map(({ sessionNotOnOrAfter }) => sessionNotOnOrAfter);
  const set = ends.filter((at) => at !== undefined);
  if (set.length === 0) return [];
  const passed = set.every((at) => now - skew < at);
  return [check('session_not_on_or_after', passed, `after ${shown(now)}`, set.map(shown))];
}
