import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRefusalPace } from '../../../src/sso/ldap/pace.ts';
import { type DirectoryServer, startDirectory } from './directory-server.ts';
import { connect, directory, openWorld, person, typed } from './world.ts';

function pace(leastMs = 800) {
  let now = Date.UTC(2026, 10, 21);
  const made = createRefusalPace({ now: () => now }, leastMs);
  const pass = (minutes: number) => {
    now += minutes * 60_000;
  };
  return { ...made, pass };
}

test('refusals take as long as the slowest by the directory of late, and no less than is asked', () => {
  const { note, least } = pace();
  note(40);
  expect(least()).toBe(800);
  note(1_200);
  note(900);
  expect(least()).toBe(1_200);
});

test('a directory that was slow once is not held slow for good, and nobody waits for ever', () => {
  const { note, least, pass } = pace();
  note(2_000);
  pass(9);
  expect(least()).toBe(2_000);
  pass(2);
  expect(least()).toBe(800);
  note(60_000);
  expect(least()).toBe(3_000);
  for (let count = 0; count < 32; count += 1) note(100);
  expect(least()).toBe(800);
});

const leastRefusalMs = 120;

async function open(hold?: () => Promise<void>) {
  const server: DirectoryServer = await startDirectory({
    entries: directory(person('ada')),
    ...(hold !== undefined && { hold }),
  });
  const { directories } = openWorld({ leastRefusalMs });
  const connection = connect([server], { attempts: { perUser: 3, perAddress: 50, windowMinutes: 30 } });
  const time = async (name: string) => {
    const begun = performance.now();
    const result = await directories.signIn(connection, typed(name, 'guess'));
    return { ms: performance.now() - begun, reason: result.accepted ? undefined : result.reason };
  };
  return { time };
}

test('where a directory takes its time over wrong passwords, unknown names are refused no faster', async () => {
  const { time } = await open(() => after(300));
  const known = await time('ada');
  expect(known).toMatchObject({ reason: 'password_wrong' });
  const unknown = await time('nobody');
  expect(unknown).toMatchObject({ reason: 'user_unknown' });
  expect(known.ms).toBeGreaterThanOrEqual(300);
  expect(unknown.ms).toBeGreaterThanOrEqual(known.ms - 20);
});

test.each(['ada', 'nobody'])(
  'guesses at once of one name take their turns, the limited ones too: %s',
  async (name) => {
    const { time } = await open();
    const ends = await Promise.all(Array.from({ length: 5 }, () => time(name)));
    const limited = ends.filter(({ reason }) => reason === 'too_many_attempts');
    expect(limited).toHaveLength(2);
    // Three turns, each of which takes its time, whether or not there is such a user.
    for (const { ms } of limited) expect(ms).toBeGreaterThanOrEqual(3 * leastRefusalMs - 3);
  },
);

test('one who is refused for too many tries is told no sooner than the others', async () => {
  const { time } = await open();
  for (let turn = 0; turn < 3; turn += 1) await time('nobody');
  const { ms, reason } = await time('nobody');
  expect(reason).toBe('too_many_attempts');
  expect(ms).toBeGreaterThanOrEqual(leastRefusalMs - 1);
});
