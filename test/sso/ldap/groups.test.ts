import { expect, test } from 'vitest';
import { type ServedEntry, startDirectory } from './directory-server.ts';
import { base, connect, directory, openWorld, person, typed } from './world.ts';

const groupsBase = `OU=Groups,${base}`;

function group(name: string, member: readonly string[], objectClass = 'groupOfNames'): ServedEntry {
  return { dn: `CN=${name},${groupsBase}`, attributes: { objectClass, cn: name, member } };
}
const dn = (name: string) => `CN=${name},${groupsBase}`;
const search = { from: 'search', base: groupsBase, nameAttribute: 'cn' };

async function groupsOf(entries: ServedEntry[], groups: object) {
  const server = await startDirectory({ entries: directory(...entries), rangeSize: 4 });
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server], { groups }), typed('ada'));
  return result.accepted ? [...result.signedIn.groups].sort() : result.reason;
}

test('groups in groups count, and circles of groups end', async () => {
  const ada = person('ada');
  const entries = [
    ada,
    group('bio', [ada.dn]),
    group('science', [dn('bio'), dn('school')]),
    group('school', [dn('science')]),
    group('others', [person('eve').dn]),
  ];
  expect(await groupsOf(entries, search)).toEqual(['bio', 'school', 'science']);
  expect(await groupsOf(entries, { ...search, nested: false })).toEqual(['bio']);
});

test('without a name attribute a group is told by its DN', async () => {
  const ada = person('ada');
  expect(await groupsOf([ada, group('bio', [ada.dn])], { from: 'search', base: groupsBase })).toEqual([
    dn('bio'),
  ]);
});

test('groups that hold names instead of DNs', async () => {
  const posix = {
    dn: dn('bio'),
    attributes: { objectClass: 'posixGroup', cn: 'bio', memberUid: ['eve', 'ada'] },
  };
  const groups = { ...search, memberAttribute: 'memberUid', memberValue: 'uid' };
  expect(await groupsOf([person('ada'), posix], groups)).toEqual(['bio']);
});

test('memberOf is read whole, also where the directory gives it in parts', async () => {
  const memberOf = Array.from({ length: 11 }, (_, index) => dn(`g${String(index).padStart(2, '0')}`));
  expect(await groupsOf([person('ada', { memberOf })], { from: 'entry' })).toEqual(memberOf);
});

test('members of a large group are read in parts; groups are listed for choosing', async () => {
  const members = Array.from({ length: 10 }, (_, index) => person(`pupil${index}`).dn);
  const entries = directory(person('ada'), group('all', members), group('few', members.slice(0, 2)));
  const server = await startDirectory({ entries, rangeSize: 4 });
  const { directories } = openWorld();
  const connection = connect([server], { groups: search });
  expect(await directories.groupMembers(connection, dn('all'))).toEqual(members);
  expect((await directories.groups(connection)).map(({ name }) => name)).toEqual(['all', 'few']);
});
