import { expect, test } from 'vitest';
import { decideAttempt } from '../../../src/sso/ldap/limits.ts';
import { startDirectory } from './directory-server.ts';
import { connect, directory, openWorld, person, typed } from './world.ts';

const limits = { attempts: { perUser: 3, perAddress: 50, windowMinutes: 30 } };
const entries = directory(person('ada'), person('eve'));

const reasonOf = (result: { accepted: boolean; reason?: string }) =>
  result.accepted ? 'accepted' : result.reason;

test('after as many wrong passwords as allowed the directory is asked no more, until the window has passed', async () => {
  const server = await startDirectory({ entries });
  const { directories, clock } = openWorld();
  const connection = connect([server], limits);
  const reasons: unknown[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    reasons.push(reasonOf(await directories.signIn(connection, typed('ada', 'guess'))));
  }
  const wrong = 'password_wrong';
  expect(reasons).toEqual([wrong, wrong, wrong, 'too_many_attempts', 'too_many_attempts']);
  expect(server.binds.filter(({ password }) => password === 'guess')).toHaveLength(3);
  expect(reasonOf(await directories.signIn(connection, typed('ada')))).toBe('too_many_attempts');
  expect(reasonOf(await directories.signIn(connection, typed('eve')))).toBe('accepted');
  clock.time += 30 * 60_000;
  expect(reasonOf(await directories.signIn(connection, typed('ada')))).toBe('accepted');
});

test('guesses in parallel, in every spelling and under every name of a person, count together', async () => {
  const server = await startDirectory({ entries });
  const { directories } = openWorld();
  const names = ['ada', 'ADA', ' ada ', 'ａｄａ', 'ada@school.example', 'Ada@School.Example'];
  const connection = connect([server], limits);
  await Promise.all(
    Array.from({ length: 30 }, (_, turn) =>
      directories.signIn(connection, typed(names[turn % 6] ?? '', `guess${turn}`)),
    ),
  );
  expect(server.binds.filter(({ password }) => password.startsWith('guess')).length).toBeLessThanOrEqual(3);
});

test('a name that nobody has is limited like one that somebody has', async () => {
  const server = await startDirectory({ entries });
  const { directories } = openWorld();
  const connection = connect([server], limits);
  const ends = async (name: string) => {
    for (let turn = 0; turn < 3; turn += 1) await directories.signIn(connection, typed(name, 'guess'));
    return reasonOf(await directories.signIn(connection, typed(name, 'guess')));
  };
  expect(await ends('nobody')).toBe('too_many_attempts');
  expect(await ends('ada')).toBe('too_many_attempts');
});

test('a right password forgets the wrong ones before it', async () => {
  const server = await startDirectory({ entries });
  const { directories, attempts } = openWorld();
  const connection = connect([server], limits);
  for (let turn = 0; turn < 4; turn += 1) {
    await directories.signIn(connection, typed('ada', 'guess'));
    await directories.signIn(connection, typed('ada', 'guess'));
    expect(reasonOf(await directories.signIn(connection, typed('ada')))).toBe('accepted');
  }
  // Those of the address stay.
  expect([...attempts.held.values()].map(({ count }) => count)).toEqual([8]);
});

test('a class that shares one account signs in at once: right passwords are no attempts', async () => {
  const server = await startDirectory({ entries });
  const { directories } = openWorld();
  const connection = connect([server], limits);
  const results = await Promise.all(
    Array.from({ length: 30 }, () => directories.signIn(connection, typed('ada'))),
  );
  expect(new Set(results.map(reasonOf))).toEqual(new Set(['accepted']));
});

test('an address that failed too often is refused for every name', async () => {
  const server = await startDirectory({ entries });
  const { directories } = openWorld();
  const connection = connect([server], { attempts: { perUser: 3, perAddress: 5, windowMinutes: 30 } });
  for (let turn = 0; turn < 5; turn += 1)
    await directories.signIn(connection, typed(`nobody${turn}`, 'guess'));
  expect(reasonOf(await directories.signIn(connection, typed('ada')))).toBe('address_limited');
  expect(reasonOf(await directories.signIn(connection, typed('ada', 'ada-password', '198.51.100.9')))).toBe(
    'accepted',
  );
});

test('a directory that fails costs nobody an attempt', async () => {
  const server = await startDirectory({ entries, searchResult: { code: 52 } });
  const { directories, attempts } = openWorld();
  const connection = connect([server], limits);
  for (let turn = 0; turn < 5; turn += 1) {
    expect(reasonOf(await directories.signIn(connection, typed('ada')))).toBe('directory_unavailable');
  }
  expect([...attempts.held.values()].filter(({ count }) => count > 0)).toEqual([]);
});

test('keys of attempts hold no names and no addresses', async () => {
  const server = await startDirectory({ entries });
  const { directories, attempts } = openWorld();
  await directories.signIn(connect([server]), typed('ada', 'guess'));
  expect([...attempts.held.keys()].join()).not.toMatch(/ada|192\.0/);
});

test('the decision: the limit itself may be used up', () => {
  const rules = { perUser: 3, perAddress: 5, windowMinutes: 1 };
  expect(decideAttempt({ user: 3, address: 4 }, rules)).toBe('go');
  expect(decideAttempt({ user: 4, address: 0 }, rules)).toBe('too_many_attempts');
  expect(decideAttempt({ user: 1, address: 5 }, rules)).toBe('address_limited');
});
