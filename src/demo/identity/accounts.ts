import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { demoDistrict } from '../sis/demo-district.ts';
import { demoWorld } from '../world.ts';

/** An entry of the directory. */
export interface DirectoryEntry {
  dn: string;
  attributes: Readonly<Record<string, string>>;
  password?: string;
}

/** Somebody to try, with what happens then. */
export interface AccountToTry {
  username: string;
  what: string;
}

export interface DemoAccounts {
  base: string;
  /** Who the hub searches as. */
  reader: { dn: string; password: string };
  entries: readonly DirectoryEntry[];
  /** The one password of everybody. */
  password: string;
  toTry: readonly AccountToTry[];
}

const password = 'try-it-out';

/** By the first letters of ids: what the roster's people are at the school. Guardians have no accounts. */
const affiliations: Readonly<Record<string, string>> = {
  stu: 'student',
  tea: 'faculty',
  pri: 'staff',
  adm: 'staff',
};

/**
 * Accounts of a school: those of its roster, who have the roster's identifier as their employee number, and those of its
 * courses in the LMS, whom the roster does not know. The same in every school year.
 */
export function demoAccounts(slug: string, clock: Clock): DemoAccounts {
  const base = `dc=${slug},dc=example`;
  const reader = { dn: `cn=gatehouse,${base}`, password: 'made-up-for-the-demo' };
  const account = (id: string, attributes: Readonly<Record<string, string>>): DirectoryEntry => ({
    dn: `uid=${attributes.uid},ou=people,${base}`,
    attributes: {
      objectClass: 'inetOrgPerson',
      entryUUID: uuidOf(`${slug} ${id}`),
      cn: `${attributes.givenName} ${attributes.sn}`,
      displayName: `${attributes.givenName} ${attributes.sn}`,
      ...attributes,
    },
    password,
  });
  const people: DirectoryEntry[] = [];
  const found: Partial<Record<'pupil' | 'closed' | 'teacher', string>> = {};
  let school: string | undefined;
  for (const { sourcedId, values } of demoDistrict(slug, clock).rows('users')) {
    const { username: uid = '', givenName = '', familyName: sn = '', email: mail = '' } = values;
    const eduPersonAffiliation = affiliations[sourcedId.slice(0, 3)];
    if (eduPersonAffiliation === undefined) continue;
    const attributes: Record<string, string> = { uid, givenName, sn, mail, eduPersonAffiliation };
    attributes.employeeNumber = values.identifier ?? '';
    const isOfSchool = school !== undefined && values.primaryOrgSourcedId === school;
    if (values.grades === '10' && found.pupil === undefined) {
      found.pupil = uid;
      school = values.primaryOrgSourcedId;
    } else if (isOfSchool && found.closed === undefined) {
      found.closed = uid;
      // draft-behera-ldap-password-policy-11 §5.3.3: locked until an admin opens it.
      attributes.pwdAccountLockedTime = '000001010000Z';
    } else if (isOfSchool && eduPersonAffiliation === 'faculty') found.teacher ??= uid;
    people.push(account(sourcedId, attributes));
  }
  const guests = demoWorld.schools
    .filter((school) => school.slug === slug)
    .flatMap((school) => school.people.filter(({ role }) => role !== 'test_pupil'))
    .map(({ id, givenName, familyName: sn, email: mail, role }) => {
      const uid = mail.slice(0, mail.indexOf('@'));
      const eduPersonAffiliation = role === 'pupil' ? 'student' : 'faculty';
      return account(id, { uid, givenName, sn, mail, eduPersonAffiliation });
    });
  const guest = guests.find(({ attributes }) => attributes.eduPersonAffiliation === 'student');
  return {
    ...{ base, reader, password },
    entries: [
      { dn: base, attributes: { objectClass: 'domain' } },
      { dn: reader.dn, attributes: { objectClass: 'account' }, password: reader.password },
      ...people,
      ...guests,
    ],
    toTry: [
      { username: found.pupil ?? '', what: 'a pupil, with classes and tools' },
      { username: found.teacher ?? '', what: 'a teacher' },
      { username: found.closed ?? '', what: 'a pupil whose account is closed' },
      { username: guest?.attributes.uid ?? '', what: 'somebody whom the roster does not know' },
    ],
  };
}

/** RFC 9562 §5.8: custom, the same for the same text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
