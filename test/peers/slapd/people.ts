/** A group holds at most 500 people in one page of an answer; there are more. */
export const peopleCount = 620;

/** Names that are made of syntax, by their uid. */
export const awkward = ['star*(x)', 'comma,plus+', 'back\\slash', 'søren ørsted', '小龙', "o'brien#1"];

/** Who belongs where, and whose account is in which state: LDIF (RFC 2849). */
export function people(base: string, reader: { dn: string; password: string }): string {
  const entries: [dn: string, attributes: Record<string, string | string[]>][] = [
    [base, { objectClass: ['dcObject', 'organization'], dc: 'school', o: 'School' }],
    [`ou=people,${base}`, { objectClass: 'organizationalUnit', ou: 'people' }],
    [`ou=groups,${base}`, { objectClass: 'organizationalUnit', ou: 'groups' }],
    [`ou=policies,${base}`, { objectClass: 'organizationalUnit', ou: 'policies' }],
    [
      `cn=default,ou=policies,${base}`,
      {
        objectClass: ['device', 'pwdPolicy'],
        cn: 'default',
        pwdAttribute: 'userPassword',
        pwdLockout: 'TRUE',
        pwdMaxFailure: '5',
        pwdLockoutDuration: '600',
        pwdMustChange: 'TRUE',
      },
    ],
    [
      reader.dn,
      {
        objectClass: ['simpleSecurityObject', 'organizationalRole'],
        cn: 'reader',
        userPassword: reader.password,
      },
    ],
  ];
  const names = [
    'ada',
    'guessed',
    'disabled',
    'reset',
    ...Array.from({ length: peopleCount }, (_, index) => `pupil${index}`),
  ];
  for (const uid of [...names, ...awkward]) {
    const dn = personDn(base, uid);
    entries.push([dn, personOf(uid)]);
  }
  entries.push(
    [`cn=bio,ou=groups,${base}`, groupOf('bio', [personDn(base, 'ada')])],
    [`cn=science,ou=groups,${base}`, groupOf('science', [`cn=bio,ou=groups,${base}`])],
    [
      `cn=everybody,ou=groups,${base}`,
      groupOf(
        'everybody',
        names.map((uid) => personDn(base, uid)),
      ),
    ],
    // Elsewhere: the hub leaves it alone.
    [
      `ou=elsewhere,${base}`,
      {
        objectClass: ['referral', 'extensibleObject'],
        ou: 'elsewhere',
        ref: `ldap://127.0.0.1:1/ou=elsewhere,${base}`,
      },
    ],
  );
  return entries.map(([dn, attributes]) => `${line('dn', dn)}${lines(attributes)}\n`).join('');
}

/** RFC 4514 §2.4: every character that means something is escaped. */
export function personDn(base: string, uid: string): string {
  return `uid=${uid.replace(/[\\,+"<>;#=]/g, (character) => `\\${character}`)},ou=people,${base}`;
}

function personOf(uid: string): Record<string, string | string[]> {
  return {
    objectClass: 'inetOrgPerson',
    uid,
    cn: `Person ${uid}`,
    sn: uid,
    givenName: 'Person',
    displayName: `Person ${uid}`,
    mail: `${Buffer.from(uid).toString('hex')}@school.example`,
    userPassword: `password of ${uid}`,
  };
}

function groupOf(cn: string, member: string[]): Record<string, string | string[]> {
  return { objectClass: 'groupOfNames', cn, member };
}

function lines(attributes: Record<string, string | string[]>): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => [value].flat().map((each) => line(name, each)))
    .join('');
}

function line(name: string, value: string): string {
  return `${name}:: ${Buffer.from(value).toString('base64')}\n`;
}
