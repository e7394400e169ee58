import { expect, test } from 'vitest';
import { startDirectory } from './directory-server.ts';
import { base, connect, directory, openWorld, person, reader, typed } from './world.ts';

const entries = directory(person('ada'));

test('the next server is asked when the first is dead, and the first no more until it has rested', async () => {
  const dead = await startDirectory({ entries });
  await dead.stop();
  const alive = await startDirectory({ entries });
  const { directories, log } = openWorld();
  const connection = connect([dead, alive]);
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  }
  expect(log.map(({ event, fields }) => [event, fields?.reason])).toEqual([
    ['directory_server_failed', 'directory_unreachable'],
  ]);
});

test('a server that takes connections and says nothing costs one time-out', async () => {
  const silent = await startDirectory({ entries, silentAfter: 0 });
  const alive = await startDirectory({ entries });
  const { directories } = openWorld();
  const connection = connect([silent, alive], {
    timeouts: { connectMs: 300, operationMs: 300, waitMs: 5000 },
  });
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  const opened = silent.connections.opened;
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  expect(silent.connections.opened).toBe(opened);
});

test('a server that falls silent in the middle is left for the next', async () => {
  const silent = await startDirectory({ entries, silentAfter: 1 });
  const alive = await startDirectory({ entries });
  const { directories } = openWorld();
  expect(await directories.signIn(connect([silent, alive]), typed('ada'))).toMatchObject({ accepted: true });
});

test('a server that is well again is trusted once it was asked beside the traffic', async () => {
  const first = await startDirectory({ entries, searchResult: { code: 51 } });
  const second = await startDirectory({ entries });
  const { directories, clock, log } = openWorld();
  const connection = connect([first, second]);
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  delete (first.options as { searchResult?: unknown }).searchResult;
  clock.time += 6000;
  await directories.signIn(connection, typed('ada'));
  await expect.poll(() => log.at(-1)?.event).toBe('directory_server_back');
  const before = first.searches.length;
  await directories.signIn(connection, typed('ada'));
  expect(first.searches.length).toBeGreaterThan(before);
});

test.each([51, 52])('result %i is a reason to ask the next server, also for a password', async (code) => {
  const busy = await startDirectory({ entries, bindResults: { [person('ada').dn]: { code } } });
  const alive = await startDirectory({ entries });
  const { directories } = openWorld();
  expect(await directories.signIn(connect([busy, alive]), typed('ada'))).toMatchObject({ accepted: true });
  const both = await startDirectory({ entries, searchResult: { code } });
  const result = await directories.signIn(connect([both]), typed('ada'));
  expect(result).toMatchObject({ accepted: false, reason: 'directory_unavailable' });
});

test('a wrong password is shown to one server once', async () => {
  const servers = [await startDirectory({ entries }), await startDirectory({ entries })];
  const { directories } = openWorld();
  const result = await directories.signIn(connect(servers), typed('ada', 'guess'));
  expect(result).toMatchObject({ accepted: false, reason: 'password_wrong' });
  expect(servers.flatMap(({ binds }) => binds).filter(({ password }) => password === 'guess')).toHaveLength(
    1,
  );
});

test('200 sign-ins at once with one of two servers dead: none fails, and none counts as a wrong password', async () => {
  const people = Array.from({ length: 200 }, (_, index) => person(`pupil${index}`));
  const dead = await startDirectory({ entries: [], silentAfter: 0 });
  const alive = await startDirectory({ entries: directory(...people) });
  const { directories, attempts } = openWorld();
  const timeouts = { connectMs: 1000, operationMs: 1000, waitMs: 15_000 };
  const connection = connect([dead, alive], { timeouts });
  const results = await Promise.all(
    people.map((_, index) => directories.signIn(connection, typed(`pupil${index}`))),
  );
  expect(results.filter(({ accepted }) => !accepted)).toEqual([]);
  expect([...attempts.held.values()].filter(({ count }) => count > 0)).toEqual([]);
  // Passwords of people are shown on connections of their own; the searches share a few.
  expect(alive.binds.filter(({ password }) => password === reader.password).length).toBeLessThanOrEqual(12);
  await directories.close();
  await expect.poll(() => alive.connections.open).toBe(0);
});

test('a directory that is slow holds up a bounded number, and the others hear so at once', async () => {
  const slow = await startDirectory({ entries, silentAfter: 1 });
  const { directories } = openWorld();
  const connection = connect([slow], {
    atOnce: 2,
    waiting: 3,
    timeouts: { connectMs: 400, operationMs: 400, waitMs: 200 },
  });
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => directories.signIn(connection, typed(`pupil${index}`))),
  );
  const reasons = results.map((result) => (result.accepted ? 'accepted' : result.reason));
  expect(reasons.filter((reason) => reason === 'directory_timeout')).toHaveLength(2);
  expect(reasons.filter((reason) => reason === 'hub_busy')).toHaveLength(18);
  expect(slow.connections.opened).toBeLessThanOrEqual(4);
});

test('a service account that was refused is not shown again for a minute, however many sign in', async () => {
  const server = await startDirectory({ entries });
  const { directories, clock } = openWorld();
  const connection = connect([server, server], { servicePassword: 'old' });
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, index) => directories.signIn(connection, typed(`pupil${index}`))),
  );
  expect(new Set(results.map((result) => !result.accepted && result.reason))).toEqual(
    new Set(['service_refused']),
  );
  expect(server.binds).toHaveLength(1);
  clock.time += 61_000;
  await directories.signIn(connection, typed('ada'));
  expect(server.binds).toHaveLength(2);
});

test('changed settings close the connections of the old ones and open new ones', async () => {
  const old = await startDirectory({ entries });
  const next = await startDirectory({ entries });
  const { directories } = openWorld();
  const before = connect([old]);
  await directories.signIn(before, typed('ada'));
  const after = connect([next], {}, 2, before.connectionId);
  expect(await directories.signIn(after, typed('ada'))).toMatchObject({ accepted: true });
  await expect.poll(() => old.connections.open).toBe(0);
  expect(next.binds.map(({ password }) => password)).toEqual([reader.password, 'ada-password']);
});

test('a connection that the server closed while it rested is replaced without a word', async () => {
  const server = await startDirectory({ entries });
  const { directories, log } = openWorld();
  const connection = connect([server]);
  await directories.signIn(connection, typed('ada'));
  const again = await startDirectory({ entries });
  expect(await directories.signIn(connect([again]), typed('ada'))).toMatchObject({ accepted: true });
  server.hangUp();
  expect(await directories.signIn(connection, typed('ada'))).toMatchObject({ accepted: true });
  expect(log).toEqual([]);
});

test('a referral is never followed: the server it names hears nothing', async () => {
  const elsewhere = await startDirectory({ entries });
  const reference = `ldap://127.0.0.1:${elsewhere.port}/${base}`;
  const server = await startDirectory({ entries: directory(), reference });
  const { directories } = openWorld();
  const result = await directories.signIn(connect([server]), typed('ada'));
  expect(result).toMatchObject({ accepted: false, reason: 'user_unknown' });
  const whole = await startDirectory({ entries, searchResult: { code: 10 } });
  expect(await directories.signIn(connect([whole]), typed('ada'))).toMatchObject({
    reason: 'referral_refused',
  });
  const onBind = await startDirectory({ entries, bindResults: { [person('ada').dn]: { code: 10 } } });
  expect(await directories.signIn(connect([onBind]), typed('ada'))).toMatchObject({ reason: 'bind_refused' });
  expect(elsewhere.connections.opened).toBe(0);
});

test('what an admin is shown: every server by itself, and the step that failed', async () => {
  const well = await startDirectory({ entries });
  const dead = await startDirectory({ entries });
  await dead.stop();
  const { directories } = openWorld();
  const reasonsOf = async (connection: ReturnType<typeof connect>) =>
    (await directories.test(connection)).map(({ isWell, steps }) => [
      isWell,
      steps.at(-1)?.step,
      steps.at(-1)?.reason,
    ]);
  expect(await reasonsOf(connect([well, dead]))).toEqual([
    [true, 'find', undefined],
    [false, 'connect', 'directory_unreachable'],
  ]);
  expect(await reasonsOf(connect([well], { servicePassword: 'old' }))).toEqual([
    [false, 'bind', 'service_refused'],
  ]);
  expect(await reasonsOf(connect([well], { base: 'DC=other,DC=example' }))).toEqual([
    [false, 'base', 'base_missing'],
  ]);
  expect(await reasonsOf(connect([well], { user: { nameAttributes: ['cn'] } }))).toEqual([
    [false, 'find', 'user_unknown'],
  ]);
  expect(await reasonsOf(connect([well], { key: { attribute: 'employeeNumber' } }))).toEqual([
    [false, 'find', 'key_missing'],
  ]);
});
