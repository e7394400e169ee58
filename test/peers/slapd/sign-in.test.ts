import { Attribute, Change, Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, openWorld } from '../../sso/ldap/world.ts';
import { installPeer } from '../packages.ts';
import { awkward, peopleCount, personDn } from './people.ts';
import { admin, base, reader, type Slapd, slapdPackages, startSlapd } from './start.ts';

const missing = await installPeer(slapdPackages);
if (missing !== undefined) console.warn(`OpenLDAP is not tested: ${missing}.`);

describe.skipIf(missing !== undefined)('OpenLDAP', () => {
  let slapd: Slapd;
  beforeAll(async () => {
    slapd = await startSlapd();
  });
  afterAll(() => slapd?.stop());

  const password = (uid: string) => `password of ${uid}`;
  const at = (settings: object = {}) =>
    connect([], {
      servers: [{ url: `ldaps://localhost:${slapd.ldapsPort}` }],
      authorities: slapd.certificate,
      serviceAccount: reader.dn,
      servicePassword: reader.password,
      base,
      timeouts: { connectMs: 5000, operationMs: 5000, waitMs: 10_000 },
      groups: { from: 'search', base: `ou=groups,${base}`, nameAttribute: 'cn' },
      ...settings,
    });
  const typed = (username: string, secret = password(username)) => ({
    username,
    password: secret,
    address: '192.0.2.1',
  });

  /** Does something as the directory's own admin. */
  async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ url: `ldap://127.0.0.1:${slapd.ldapPort}`, timeout: 5000 });
    await client.bind(admin.dn, admin.password);
    try {
      return await work(client);
    } finally {
      await client.unbind();
    }
  }
  const set = (uid: string, type: string, value: string) =>
    asAdmin((client) =>
      client.modify(
        personDn(base, uid),
        new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }),
      ),
    );

  test('somebody signs in over ldaps and StartTLS, with groups in groups', async () => {
    const { directories } = openWorld();
    const startTls = at({ servers: [{ url: `ldap://localhost:${slapd.ldapPort}` }] });
    for (const connection of [at(), startTls]) {
      const result = await directories.signIn(connection, typed('ada'));
      expect(result).toMatchObject({
        accepted: true,
        signedIn: { name: 'Person ada', subject: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      });
      expect(result.accepted && [...result.signedIn.groups].sort()).toEqual(['bio', 'everybody', 'science']);
    }
    const memberOf = await directories.signIn(at({ groups: { from: 'entry' } }), typed('ada'));
    expect(memberOf.accepted && memberOf.signedIn.groups).toHaveLength(2);
    expect((await directories.test(at())).map(({ isWell }) => isWell)).toEqual([true]);
  });

  test('a bind without a password succeeds here, and the hub never sends one', async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${slapd.ldapPort}`, timeout: 5000 });
    await expect(client.bind(personDn(base, 'ada'), '')).resolves.toBeUndefined();
    await client.unbind();
    const { directories } = openWorld();
    for (const empty of ['', ' ', '\0', '\t']) {
      const result = await directories.signIn(at(), typed('ada', empty));
      expect(result).toMatchObject({ accepted: false, reason: 'password_missing' });
    }
  });

  test.each(awkward)('the name %j is that of one person', async (uid) => {
    const { directories } = openWorld();
    const result = await directories.signIn(at(), typed(uid));
    expect(result).toMatchObject({ accepted: true, signedIn: { attributes: { uid: [uid] } } });
  });

  test.each(['*', 'a*', 'ada)(uid=*', '*)(|(uid=*', 'uid=ada', personDn(base, 'ada'), 'EXTERNAL'])(
    'the name %j is nobody’s',
    async (name) => {
      const { directories } = openWorld();
      const result = await directories.signIn(at(), typed(name, password('ada')));
      expect(result).toMatchObject({ accepted: false, reason: 'user_unknown' });
    },
  );

  test('a certificate that is not pinned, or for another name, is refused', async () => {
    const { directories } = openWorld();
    const byAddress = at({ servers: [{ url: `ldaps://127.0.0.1:${slapd.ldapsPort}` }] });
    expect(await directories.signIn(byAddress, typed('ada'))).toMatchObject({ reason: 'certificate_name' });
    const unpinned = at({ authorities: 'public' });
    expect(await directories.signIn(unpinned, typed('ada'))).toMatchObject({
      reason: 'certificate_untrusted',
    });
  });

  test('the hub’s limit keeps a stranger from locking somebody out of the whole school', async () => {
    const { directories } = openWorld();
    const connection = at({ attempts: { perUser: 4, perAddress: 100, windowMinutes: 30 } });
    for (let turn = 0; turn < 12; turn += 1)
      await directories.signIn(connection, typed('guessed', `guess ${turn}`));
    // Another way into the same directory, which counts for itself: the account is not locked.
    const other = openWorld();
    expect(await other.directories.signIn(at(), typed('guessed'))).toMatchObject({ accepted: true });
  });

  test('an account that the directory has locked, disabled or wants a new password for', async () => {
    const { directories } = openWorld();
    for (let turn = 0; turn < 6; turn += 1) {
      const client = new Client({ url: `ldap://127.0.0.1:${slapd.ldapPort}`, timeout: 5000 });
      await client.bind(personDn(base, 'pupil7'), 'guess').catch(() => {});
      await client.unbind();
    }
    expect(await directories.signIn(at(), typed('pupil7'))).toMatchObject({ reason: 'account_locked' });
    await set('disabled', 'pwdAccountLockedTime', '000001010000Z');
    expect(await directories.signIn(at(), typed('disabled'))).toMatchObject({ reason: 'account_locked' });
    await set('reset', 'pwdReset', 'TRUE');
    expect(await directories.signIn(at(), typed('reset'))).toMatchObject({ reason: 'password_must_change' });
  });

  test('an account that is disabled ends its sessions at the next check, one that is guessed at does not', async () => {
    const { directories } = openWorld();
    const connection = at();
    const subjects: Record<string, string> = {};
    for (const uid of ['pupil1', 'pupil2', 'pupil3']) {
      const result = await directories.signIn(connection, typed(uid));
      if (result.accepted) subjects[uid] = result.signedIn.subject;
    }
    const { pupil1 = '', pupil2 = '', pupil3 = '' } = subjects;
    const stateOf = async () =>
      Object.fromEntries(await directories.accountStates(connection, Object.values(subjects)));
    expect(await stateOf()).toEqual({ [pupil1]: 'enabled', [pupil2]: 'enabled', [pupil3]: 'enabled' });
    await set('pupil1', 'pwdAccountLockedTime', '000001010000Z');
    await set('pupil2', 'pwdAccountLockedTime', '20261121080000Z');
    await asAdmin((client) => client.del(personDn(base, 'pupil3')));
    expect(await stateOf()).toEqual({ [pupil1]: 'account_disabled', [pupil2]: 'enabled', [pupil3]: 'gone' });
  });

  test('groups are listed in pages, and their members whole', async () => {
    const { directories } = openWorld();
    const names = (await directories.groups(at())).map(({ name }) => name);
    expect(names.sort()).toEqual(['bio', 'everybody', 'science']);
    const members = await directories.groupMembers(at(), `cn=everybody,ou=groups,${base}`);
    expect(members.length).toBeGreaterThan(peopleCount);
  });

  test('120 people sign in at once', async () => {
    const { directories } = openWorld();
    const connection = at();
    const results = await Promise.all(
      Array.from({ length: 120 }, (_, index) => directories.signIn(connection, typed(`pupil${index + 10}`))),
    );
    expect(results.filter(({ accepted }) => !accepted)).toEqual([]);
  });
});
