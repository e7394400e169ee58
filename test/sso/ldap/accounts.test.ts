import { expect, test } from 'vitest';
import { startDirectory } from './directory-server.ts';
import { connect, directory, openWorld, person } from './world.ts';

const keyOf = (uid: string) => String(person(uid).attributes.entryUUID);

test('the accounts behind many sessions are asked for together', async () => {
  const people = Array.from({ length: 120 }, (_, index) => person(`pupil${index}`));
  const entries = directory(...people, person('left', { nsAccountLock: 'true' }));
  const server = await startDirectory({ entries });
  const { directories } = openWorld();
  const subjects = [...people.map((_, index) => keyOf(`pupil${index}`)), keyOf('left'), keyOf('removed')];
  const states = await directories.accountStates(connect([server]), subjects);
  expect(states.size).toBe(122);
  expect(states.get(keyOf('pupil7'))).toBe('enabled');
  expect(states.get(keyOf('left'))).toBe('account_disabled');
  expect(states.get(keyOf('removed'))).toBe('gone');
  expect(server.searches).toHaveLength(3);
});

test('a lock after wrong passwords ends no session: anybody could end somebody’s by guessing', async () => {
  const ada = person('ada', { pwdAccountLockedTime: '20261121074500Z' });
  const server = await startDirectory({ entries: directory(ada) });
  const { directories } = openWorld();
  const states = await directories.accountStates(connect([server]), [keyOf('ada')]);
  expect(states.get(keyOf('ada'))).toBe('enabled');
});

test('a directory that fails says nothing about anybody', async () => {
  const server = await startDirectory({ entries: directory(), searchResult: { code: 52 } });
  const { directories } = openWorld();
  const asked = directories.accountStates(connect([server]), [keyOf('ada')]);
  await expect(asked).rejects.toMatchObject({ kind: 'upstream', code: 'directory_unavailable' });
});

test('a subject is a value and no filter', async () => {
  const server = await startDirectory({ entries: directory(person('ada')) });
  const { directories } = openWorld();
  const states = await directories.accountStates(connect([server]), ['*', ')(uid=*']);
  expect([...states.values()]).toEqual(['gone', 'gone']);
});
