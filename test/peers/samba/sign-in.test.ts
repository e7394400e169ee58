import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, openWorld } from '../../sso/ldap/world.ts';
import { installPeer } from '../packages.ts';
import { groupsBase, memberCount, openAsAdmin, passwordOf, personDn } from './people.ts';
import { base, findObstacle, host, type SambaDirectory, sambaPackages, startSamba } from './start.ts';

const missing = (await installPeer(sambaPackages)) ?? (await findObstacle());
if (missing !== undefined) console.warn(`Samba as Active Directory is not tested: ${missing}.`);

describe.skipIf(missing !== undefined)('Samba as Active Directory', () => {
  let samba: SambaDirectory;
  beforeAll(async () => {
    samba = await startSamba();
  });
  afterAll(() => samba?.stop());

  const open = () => openWorld({ addresses: { [host]: samba.address } });
  const at = (settings: object = {}) =>
    connect([], {
      kind: 'ad',
      servers: [{ url: `ldaps://${host}` }],
      authorities: samba.certificate,
      serviceAccount: 'reader@ad.school.example',
      servicePassword: passwordOf('reader'),
      base,
      user: { objectClass: 'user', nameAttributes: ['sAMAccountName', 'userPrincipalName', 'mail'] },
      key: 'objectGUID',
      timeouts: { connectMs: 5000, operationMs: 10_000, waitMs: 20_000 },
      groups: { from: 'search', base, nameAttribute: 'sAMAccountName' },
      ...settings,
    });
  const typed = (username: string, password = passwordOf(username)) => ({
    username,
    password,
    address: '192.0.2.1',
  });
  const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

  test('somebody signs in by each of their names, as one and the same', async () => {
    const { directories } = open();
    const subjects = new Set<string>();
    for (const name of ['ada', 'ADA', 'ada@ad.school.example', 'ada@school.example']) {
      const result = await directories.signIn(at(), typed(name, passwordOf('ada')));
      expect(result).toMatchObject({
        accepted: true,
        signedIn: { name: 'Person ada', email: 'ada@school.example' },
      });
      if (result.accepted) subjects.add(result.signedIn.subject);
    }
    expect([...subjects]).toEqual([expect.stringMatching(guid)]);
  });

  test('StartTLS, and what an admin is shown', async () => {
    const { directories } = open();
    const startTls = at({ servers: [{ url: `ldap://${host}` }] });
    expect(await directories.signIn(startTls, typed('ada'))).toMatchObject({ accepted: true });
    const tests = await directories.test(at());
    expect(tests).toMatchObject([{ isWell: true, steps: [{}, {}, {}, {}] }]);
    const plainly = await directories.test(at({ authorities: 'public' }));
    expect(plainly).toMatchObject([{ isWell: false, steps: [{ reason: 'certificate_untrusted' }] }]);
  });

  test('groups in groups and the primary group', async () => {
    const { directories } = open();
    const result = await directories.signIn(at(), typed('ada'));
    expect(result.accepted && [...result.signedIn.groups].sort()).toEqual([
      'Domain Users',
      'Users',
      'bio',
      'science',
    ]);
    const direct = at({ groups: { from: 'search', base, nameAttribute: 'sAMAccountName', nested: false } });
    const flat = await directories.signIn(direct, typed('ada'));
    expect(flat.accepted && [...flat.signedIn.groups].sort()).toEqual(['Domain Users', 'bio']);
  });

  test('all members of a group', async () => {
    const { directories } = open();
    const members = await directories.groupMembers(at(), `CN=everybody,${groupsBase(base)}`);
    expect(new Set(members).size).toBe(memberCount);
  });

  test.each([
    ['disabled', 'account_disabled'],
    ['expired', 'account_expired'],
    ['changing', 'password_must_change'],
    ['nightly', 'logon_hours'],
  ])('the account “%s” is told only to somebody with its password: %s', async (name, reason) => {
    const { directories } = open();
    expect(await directories.signIn(at(), typed(name))).toMatchObject({ accepted: false, reason });
    const guess = await directories.signIn(at(), typed(name, 'guess'));
    expect(guess).toMatchObject({ accepted: false, reason: 'password_wrong' });
  });

  test('an account that was guessed at elsewhere is locked, and a stranger is not told', async () => {
    const careless = open();
    const unlimited = at({ attempts: { perUser: 100, perAddress: 100, windowMinutes: 30 } });
    for (let turn = 0; turn < 4; turn += 1)
      await careless.directories.signIn(unlimited, typed('locked', `guess ${turn}`));
    const { directories } = open();
    const result = await directories.signIn(at(), typed('locked'));
    expect(result).toMatchObject({ accepted: false, reason: 'account_locked' });
  });

  test('the hub’s limit keeps a stranger from locking somebody out', async () => {
    const { directories } = open();
    const connection = at({ attempts: { perUser: 2, perAddress: 100, windowMinutes: 30 } });
    const names = ['guessed', 'guessed@school.example', 'guessed@ad.school.example'];
    for (let turn = 0; turn < 9; turn += 1) {
      await directories.signIn(connection, typed(names[turn % 3] ?? '', `guess ${turn}`));
    }
    expect(await open().directories.signIn(at(), typed('guessed'))).toMatchObject({ accepted: true });
  });

  test.each(['', ' ', '\0'])('the password %j is never sent', async (password) => {
    const { directories } = open();
    const result = await directories.signIn(at(), typed('ada', password));
    expect(result).toMatchObject({ accepted: false, reason: 'password_missing' });
  });

  test('an account that is disabled ends its sessions at the next check', async () => {
    const { directories } = open();
    const connection = at();
    const result = await directories.signIn(connection, typed('leaving'));
    const subject = result.accepted ? result.signedIn.subject : '';
    const unknown = '00112233-4455-6677-8899-aabbccddeeff';
    const states = async () =>
      Object.fromEntries(await directories.accountStates(connection, [subject, unknown]));
    expect(await states()).toEqual({ [subject]: 'enabled', [unknown]: 'gone' });
    const admin = await openAsAdmin({ ...samba, host, base, adminPassword: 'Peer-Admin-1!' });
    const modification = new Attribute({ type: 'userAccountControl', values: ['514'] });
    await admin.modify(personDn(base, 'leaving'), new Change({ operation: 'replace', modification }));
    await admin.unbind();
    expect(await states()).toEqual({ [subject]: 'account_disabled', [unknown]: 'gone' });
  });
});
