import type { Filter } from 'ldapts';
import { stateAttributes } from './account-state.ts';
import type { DirectoryClient } from './client.ts';
import type { DirectoryEntry } from './entry.ts';
import { allOf, anyOf, equals, hasSome } from './filter.ts';
import { formatGuid, parseGuid } from './object-guid.ts';
import type { DirectorySettings } from './settings.ts';

/** A person's entry and the key that never changes. */
export interface FoundPerson {
  readonly entry: DirectoryEntry;
  readonly subject: string;
}

export type PersonSearch = FoundPerson | 'user_unknown' | 'user_ambiguous' | 'key_missing';

/** Looks for the one person with a typed name. @throws DirectoryError */
export async function findPerson(
  client: DirectoryClient,
  settings: DirectorySettings,
  username: string,
): Promise<PersonSearch> {
  const { base } = settings;
  const filter = personFilter(settings, username);
  // Two are enough to know that there are several.
  const request = { base, scope: 'sub' as const, filter, attributes: personAttributes(settings) };
  const [entry, ...others] = await client.searchFew(request, 2);
  if (entry === undefined) return 'user_unknown';
  if (others.length > 0) return 'user_ambiguous';
  // A bind without a name succeeds without proving anything (RFC 4513 §5.1.1).
  if (!entry.dn.includes('=')) return 'user_unknown';
  const subject = readSubject(entry, settings);
  return subject === undefined ? 'key_missing' : { entry, subject };
}

/** Which entries a typed name means. */
export function personFilter({ user }: DirectorySettings, username: string): Filter {
  return allOf([...conditions(user), anyOf(user.nameAttributes.map((name) => equals(name, username)))]);
}

/** Which entries anybody could sign in with. */
export function anybodyFilter({ user }: DirectorySettings): Filter {
  return allOf([...conditions(user), anyOf(user.nameAttributes.map(hasSome))]);
}

/** Which entries have one of several keys; keys that cannot be of this directory are left out. */
export function subjectsFilter(settings: DirectorySettings, subjects: readonly string[]): Filter | undefined {
  const attribute = keyAttribute(settings);
  const wanted = subjects.flatMap((subject) => {
    const value = settings.key === 'objectGUID' ? parseGuid(subject) : subject;
    return value === undefined ? [] : [equals(attribute, value)];
  });
  return wanted.length === 0 ? undefined : allOf([...conditions(settings.user), anyOf(wanted)]);
}

/** The key of an entry: exactly one value that can be read. */
export function readSubject(entry: DirectoryEntry, settings: DirectorySettings): string | undefined {
  if (settings.key === 'objectGUID') {
    const bytes = entry.bytes('objectGUID');
    return bytes === undefined ? undefined : formatGuid(bytes);
  }
  const text = entry.text(keyAttribute(settings));
  const subject = settings.key === 'entryUUID' ? text?.toLowerCase() : text;
  return subject === undefined || subject.trim() === '' || subject.length > 255 ? undefined : subject;
}

/** What is read of a person. */
export function personAttributes(settings: DirectorySettings): string[] {
  const { others, ...named } = settings.attributes;
  const { groups, kind, user } = settings;
  return [
    ...new Set([
      keyAttribute(settings),
      ...stateAttributes[kind],
      ...user.nameAttributes,
      ...Object.values(named),
      ...others,
      ...(groups.from === 'entry' ? [groups.attribute] : []),
      ...(groups.from === 'search' && groups.memberValue !== 'dn' ? [groups.memberValue] : []),
      ...(groups.from === 'search' && kind === 'ad' ? ['objectSid', 'primaryGroupID'] : []),
    ]),
  ];
}

function keyAttribute({ key }: DirectorySettings): string {
  return typeof key === 'string' ? key : key.attribute;
}

function conditions({ objectClass, conditions: others }: DirectorySettings['user']): Filter[] {
  return [
    ...(objectClass === undefined ? [] : [equals('objectClass', objectClass)]),
    ...others.map(({ attribute, value }) => equals(attribute, value)),
  ];
}
