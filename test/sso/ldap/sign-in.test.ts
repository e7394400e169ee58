import { expect, test } from 'vitest';
import { startDirectory } from './directory-server.ts';
import { base, connect, directory, openWorld, person, reader, typed } from './world.ts';

test('a right password signs in by the key of the entry, with what the directory says of the person', async () => {
  const server = await startDirectory({ entries: directory(person('ada', { employeeType: 'student' })) });
  const { directories } = openWorld();
  const connection = connect([server], { attributes: { others: ['employeeType'] } });
  const result = await directories.signIn(connection, typed('ada'));
  expect(result).toMatchObject({
    accepted: true,
    signedIn: {
      issuer: 'ldap:school.example',
      subject: person('ada').attributes.entryUUID,
      email: 'ada@school.example',
      givenName: 'Ada',
      familyName: 'Lovelace',
      attributes: { employeeType: ['student'], uid: ['ada'] },
      groups: [],
    },
  });
  expect(server.binds.map(({ dn }) => dn.toLowerCase())).toEqual([
    reader.dn.toLowerCase(),
    person('ada').dn.toLowerCase(),
  ]);
});

test.each(['', ' ', '\t \n', '\0', 'right\0', '\u00a0'])(
  'the password %j is refused before any bind',
  async (password) => {
    const server = await startDirectory({ entries: directory(person('ada')), allowsEmptyPasswords: true });
    const { directories } = openWorld();
    const result = await directories.signIn(connect([server]), typed('ada', password));
    expect(result).toMatchObject({ accepted: false, reason: 'password_missing' });
    expect(server.connections.opened).toBe(0);
  },
);

test.each(['', '   ', 'a\0da', 'ada\n', `${'a'.repeat(257)}`])(
  'the name %j asks no directory',
  async (name) => {
    const server = await startDirectory({ entries: directory(person('ada')) });
    const result = await openWorld().directories.signIn(connect([server]), typed(name, 'password'));
    expect(result).toMatchObject({ accepted: false, reason: 'name_invalid' });
    expect(server.connections.opened).toBe(0);
  },
);

test.each([
  '*',
  'a*',
  'ada)(uid=*',
  '*)(objectClass=*))(|(uid=*',
  'ada))(|(cn=*',
  '\\2a',
  'ada\\00',
  '!(uid=x)',
  `uid=ada,OU=People,${base}`,
  'EXTERNAL',
  'PLAIN',
])('the name %j is text and no syntax: it is looked for as it stands and found by nobody', async (name) => {
  const server = await startDirectory({ entries: directory(person('ada'), person('eve')) });
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server]), typed(name, 'ada-password'));
  expect(result).toMatchObject({ accepted: false, reason: 'user_unknown' });
  // Nothing typed ever became a name to bind with.
  expect(server.binds.map(({ dn }) => dn)).toEqual([expect.stringMatching(/^cn=reader/i)]);
  expect(server.searches).toHaveLength(1);
});

test('somebody whose name is made of syntax signs in as themselves', async () => {
  const server = await startDirectory({
    entries: directory(person('ada'), person('star', { uid: '*(x)\\' })),
  });
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server]), typed('*(x)\\', 'star-password'));
  expect(result).toMatchObject({ accepted: true, signedIn: { email: 'star@school.example' } });
});

test('two entries with one name are one too many, whatever the password', async () => {
  const twin = person('bob', { mail: 'ada@school.example' });
  const server = await startDirectory({ entries: directory(person('ada'), twin) });
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server]), typed('ada@school.example', 'ada-password'));
  expect(result).toMatchObject({ accepted: false, reason: 'user_ambiguous' });
  expect(server.binds).toHaveLength(1);
});

test('an entry whose key is missing or has several values is nobody, and no password is shown for it', async () => {
  const server = await startDirectory({
    entries: directory(person('ada')),
    bindResults: {},
  });
  const { directories } = openWorld();
  const missing = connect([server], { key: { attribute: 'employeeNumber' } });
  expect(await directories.signIn(missing, typed('ada'))).toMatchObject({ reason: 'key_missing' });
  const two = person('two', { employeeNumber: ['1', '2'] });
  const several = await startDirectory({ entries: directory(two) });
  const result = await directories.signIn(
    connect([several], { key: { attribute: 'employeeNumber' } }),
    typed('two'),
  );
  expect(result).toMatchObject({ reason: 'key_missing' });
  expect([...server.binds, ...several.binds].every(({ password }) => password === reader.password)).toBe(
    true,
  );
});

test.each([
  ['525', 'user_unknown'],
  ['52e', 'password_wrong'],
  ['530', 'logon_hours'],
  ['531', 'workstation_refused'],
  ['532', 'password_expired'],
  ['533', 'account_disabled'],
  ['701', 'account_expired'],
  ['773', 'password_must_change'],
  ['775', 'account_locked'],
  ['999', 'password_wrong'],
])('sub-code %s of Active Directory is %s', async (subCode, reason) => {
  const message = `80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data ${subCode}, v4563`;
  const server = await startDirectory({
    entries: directory(person('ada')),
    bindResults: { [person('ada').dn]: { code: 49, message } },
  });
  const { directories } = openWorld();
  const connection = connect([server], { kind: 'ad' });
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: false, reason });
});

test.each([
  [{ pwdAccountLockedTime: '000001010000Z' }, 'account_disabled', 'generic'],
  [{ nsAccountLock: 'TRUE' }, 'account_disabled', 'generic'],
  [{ pwdReset: 'TRUE' }, 'password_must_change', 'generic'],
  [{ userAccountControl: '514' }, 'account_disabled', 'ad'],
  [{ accountExpires: '132223104000000000' }, 'account_expired', 'ad'],
])('%j refuses a right password as %s (%s)', async (attributes, reason, kind) => {
  const server = await startDirectory({ entries: directory(person('ada', attributes)) });
  const { directories } = openWorld();
  const connection = connect([server], { kind });
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: false, reason });
  const wrong = await directories.signIn(connection, typed('ada', 'guess'));
  expect(wrong).toMatchObject({
    reason: kind === 'generic' && 'pwdAccountLockedTime' in attributes ? 'account_locked' : 'password_wrong',
  });
});

test('an account without an end signs in, and so does one whose end is to come', async () => {
  const entries = ['0', '9223372036854775807', '200000000000000000'].map((accountExpires, index) =>
    person(`user${index}`, { accountExpires, userAccountControl: '512' }),
  );
  const server = await startDirectory({ entries: directory(...entries) });
  const { directories } = openWorld();
  const connection = connect([server], { kind: 'ad' });
  for (const name of ['user0', 'user1', 'user2']) {
    expect(await directories.signIn(connection, typed(name))).toMatchObject({ accepted: true });
  }
});

test('an unknown name is refused no faster than a wrong password', async () => {
  const server = await startDirectory({ entries: directory(person('ada')) });
  const { directories } = openWorld({ leastRefusalMs: 120 });
  for (const name of ['nobody', 'ada']) {
    const begun = performance.now();
    await directories.signIn(connect([server]), typed(name, 'guess'));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(119);
  }
});
