import type { SignedIn } from '../sign-in.ts';
import type { FoundPerson } from './person.ts';
import { personAttributes } from './person.ts';
import type { DirectorySettings } from './settings.ts';

/** What a directory says of somebody whose password it took. */
export function toSignedIn(
  { entry, subject }: FoundPerson,
  groups: readonly string[],
  settings: DirectorySettings,
): SignedIn {
  const { name, givenName, familyName, email, locale } = settings.attributes;
  const attributes = Object.fromEntries(
    personAttributes(settings).flatMap((attribute) => {
      const values = entry.texts(attribute);
      return values.length === 0 ? [] : [[attribute, values]];
    }),
  );
  const first = (key: 'name' | 'givenName' | 'familyName' | 'email' | 'locale', attribute: string) => {
    const [value] = entry.texts(attribute);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    issuer: `ldap:${settings.name}`,
    subject,
    attributes: { ...attributes, dn: [entry.dn] },
    ...first('name', name),
    ...first('givenName', givenName),
    ...first('familyName', familyName),
    ...first('email', email),
    ...first('locale', locale),
    groups,
  };
}
