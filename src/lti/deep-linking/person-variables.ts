import type { FieldName } from '../../privacy/fields.ts';
import { decideAction, type PolicyRules } from '../../privacy/policy.ts';

/**
 * What a substitution variable of a person (LTI Core 1.3, appendix B.3) makes the LMS put into a custom parameter, by the names
 * of the release policy, and by the beginnings of the variables' names. What is not here, an address or a telephone number say,
 * is no field and never goes.
 */
const fields: readonly (readonly [variable: string, field: FieldName])[] = [
  ['$person.name.full', 'person.name'],
  ['$person.name.given', 'person.given_name'],
  ['$person.name.family', 'person.family_name'],
  ['$person.name.', 'person.name'],
  ['$person.email.', 'person.email'],
  ['$person.sourcedid', 'lis.person_sourcedid'],
  ['$user.image', 'person.picture'],
];

/** Whether a custom parameter is filled in by the LMS, and not the tool's own word (LTI Core §5.4.6.1). */
export function isVariable(value: string): boolean {
  return value.startsWith('$');
}

/**
 * Whether a custom parameter may be asked of the LMS, or go on when it was: whoever may not know a name must not learn it by
 * another name either. A hash is none where the LMS sends the thing itself.
 */
export function mayAskFor(rules: PolicyRules, value: string): boolean {
  const name = value.toLowerCase();
  if (!name.startsWith('$person.') && !name.startsWith('$user.image')) return true;
  const field = fields.find(([start]) => name.startsWith(start))?.[1];
  return field !== undefined && decideAction(rules, 'launch', field) === 'allow';
}

/** Custom parameters without what of people the tool may not know: the LMS is not even asked (LTI Core §5.4.6.1). */
export function withoutKeptBack(
  custom: Readonly<Record<string, string>>,
  rules: PolicyRules,
): Record<string, string> {
  return Object.fromEntries(Object.entries(custom).filter(([, value]) => mayAskFor(rules, value)));
}

/** A link's custom parameters that are the tool's own words. */
export function ownWords(custom: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(custom).filter(([, value]) => !isVariable(value)));
}

/** The names of a link's custom parameters that the policy in force keeps back, whatever the LMS has put there. */
export function keptBack(
  rules: PolicyRules,
  custom: Readonly<Record<string, string>> = {},
): ReadonlySet<string> {
  return new Set(Object.keys(custom).filter((name) => !mayAskFor(rules, custom[name] ?? '')));
}
