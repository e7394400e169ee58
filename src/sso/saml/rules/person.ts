import type { Assertion } from '../assertion.ts';
import { type AttributeMapping, type SubjectSource, scopedAttributes } from '../presets.ts';
import { nameIdFormats } from '../xml/names.ts';
import { check, type Facts, type SamlCheck } from './facts.ts';

/** Formats whose values change or are given to others: no key of a person, whatever a mapping says. */
const neverAKey: readonly string[] = [nameIdFormats.email, nameIdFormats.transient];

/** Longer keys than any identity provider makes are refused rather than stored. */
const longestSubject = 512;

/** Whether exactly one person is named, by the key that the connection chose, from a domain it may speak for. */
export function checkPerson({ assertion, connection }: Facts): SamlCheck[] {
  const { subject } = connection.mapping;
  return [
    ...(assertion.encryptedId ? [check('encryption', false, 'NameID, not EncryptedID', 'EncryptedID')] : []),
    ...(subject.from === 'name_id' ? [checkNameId(assertion, subject.formats)] : []),
    checkSubject(assertion, subject),
    ...checkScopes(assertion, connection.identityProvider.scopes),
  ];
}

/** The key of the person; undefined where there is none, or where there are several. */
export function subjectOf(assertion: Assertion, source: SubjectSource): string | undefined {
  if (source.from === 'name_id') return assertion.nameId?.value || undefined;
  const [value, ...more] = new Set(valuesOf(assertion, source.names));
  if (value === undefined || more.length > 0) return undefined;
  return source.scoped ? value.toLowerCase() : value;
}

/** Every value of an attribute under any of its names. */
export function valuesOf(assertion: Assertion, names: readonly string[]): string[] {
  return names.flatMap((name) =>
    Object.hasOwn(assertion.attributes, name) ? (assertion.attributes[name] ?? []) : [],
  );
}

/** The one value of an attribute that a page shows: the first, in the order of the mapping's names. */
export function firstOf(
  assertion: Assertion,
  mapping: AttributeMapping,
  field: keyof AttributeMapping,
): string | undefined {
  const names = mapping[field];
  return Array.isArray(names) ? valuesOf(assertion, names)[0] : undefined;
}

function checkNameId({ nameId }: Assertion, formats: readonly string[]): SamlCheck {
  const format = nameId?.format ?? nameIdFormats.unspecified;
  const passed = nameId !== undefined && formats.includes(format) && !neverAKey.includes(format);
  return check('name_id', passed, formats.join(' or '), nameId && format);
}

function checkSubject(assertion: Assertion, source: SubjectSource): SamlCheck {
  const subject = subjectOf(assertion, source);
  const expected = source.from === 'name_id' ? 'a NameID' : `one value of ${source.names[0]}`;
  const found = source.from === 'name_id' ? subject : valuesOf(assertion, source.names);
  return check('subject', subject !== undefined && subject.length <= longestSubject, expected, found);
}

/** A scoped value speaks for a domain, which has to be one of the identity provider's (shibmd:Scope). */
function checkScopes(assertion: Assertion, scopes: readonly string[] | undefined): SamlCheck[] {
  const values = valuesOf(assertion, scopedAttributes);
  if (scopes === undefined || values.length === 0) return [];
  const allowed = new Set(scopes.map((scope) => scope.toLowerCase()));
  const passed = values.every((value) => allowed.has(scopeOf(value)));
  return [check('scope', passed, scopes.join(' or '), values)];
}

/** What stands behind the one `@`; a value with none or with several has no scope that anyone allows. */
function scopeOf(value: string): string {
  const [local, scope, ...more] = value.split('@');
  return local && scope && more.length === 0 ? scope.toLowerCase() : '';
}
