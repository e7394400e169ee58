import { beforeEach, expect, test } from 'vitest';
import { createBreakers } from '../../../src/health/breaker/breakers.ts';
import { guardByBreaker } from '../../../src/health/breaker/guarded-fetch.ts';
import { readDownHosts, resetHost } from '../../../src/health/breaker/hosts.ts';
import { breakerThreshold, trialMs } from '../../../src/health/breaker/transition.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { openLog } from '../../../src/platform/log.ts';
import type { OutboundFetch, OutboundResponse } from '../../../src/platform/outbound/fetch.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const log = openLog({ level: 'silent' });
const clock = { time: Date.UTC(2026, 10, 18, 9), now: () => clock.time };
const url = 'https://lms.example/scores';
let status = 503;
let asked = 0;

beforeEach(async () => {
  [status, asked] = [503, 0];
  await superuser.query('truncate partner_host');
});

const call: OutboundFetch = async (request) => {
  asked += 1;
  return { status, url: request.url } as OutboundResponse;
};
const openCopy = (db: Parameters<typeof createBreakers>[0]['db'] = database, way = call) =>
  guardByBreaker(way, createBreakers({ db, clock, log, random: () => 0.5 }));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: DomainError) => error.code,
  );

async function takeDown(copy: OutboundFetch): Promise<void> {
  for (let i = 0; i < breakerThreshold; i++) await copy({ url });
}

test('a host that is down is not asked any more, by no copy, and other hosts are', async () => {
  const [ours, theirs] = [openCopy(), openCopy()];
  await takeDown(ours);
  expect(await codeOf(ours({ url }))).toBe('outbound_host_down');
  expect(await codeOf(theirs({ url }))).toBe('outbound_host_down');
  expect(asked).toBe(breakerThreshold);
  expect(await codeOf(ours({ url: 'https://other.example/' }))).toBe('answered');
  expect(await readDownHosts(database)).toMatchObject([
    { host: 'lms.example', breaker: { state: 'open', failures: breakerThreshold, reason: 'server_error' } },
  ]);
});

test('when its time has come one call of all copies tries it; answered, everything passes again', async () => {
  const release = Promise.withResolvers<void>();
  const slow: OutboundFetch = async (request) => {
    await release.promise;
    return call(request);
  };
  const copies = [openCopy(), openCopy(), openCopy()];
  await takeDown(copies[0]!);
  clock.time += 5_000;
  const trying = openCopy(database, slow)({ url });
  await expect.poll(async () => (await readDownHosts(database))[0]?.breaker.state).toBe('half_open');
  clock.time += 6_000;
  expect(await Promise.all(copies.map((copy) => codeOf(copy({ url }))))).toEqual(
    Array(3).fill('outbound_host_down'),
  );
  status = 200;
  release.resolve();
  expect((await trying).status).toBe(200);
  expect(await readDownHosts(database)).toEqual([]);
  clock.time += 6_000;
  expect(await Promise.all(copies.map((copy) => codeOf(copy({ url }))))).toEqual(Array(3).fill('answered'));
});

test('two copies whose time has come at once send one call', async () => {
  const copies = [openCopy(), openCopy()];
  await takeDown(copies[0]!);
  await codeOf(copies[1]!({ url }));
  clock.time += 6_000;
  asked = 0;
  const ends = await Promise.all(copies.map((copy) => codeOf(copy({ url }))));
  expect([asked, ends.toSorted()]).toEqual([1, ['answered', 'outbound_host_down']]);
});

test('a copy that dies while it tries leaves the turn to others', async () => {
  const copy = openCopy();
  await takeDown(copy);
  clock.time += 6_000;
  void openCopy(database, () => new Promise(() => undefined))({ url });
  await expect.poll(async () => (await readDownHosts(database))[0]?.breaker.state).toBe('half_open');
  clock.time += trialMs + 1;
  status = 200;
  expect(await codeOf(copy({ url }))).toBe('answered');
});

test('a trial that its caller ends gives the turn back at once', async () => {
  const copy = openCopy();
  await takeDown(copy);
  clock.time += 6_000;
  const aborted = new DomainError('upstream', 'outbound_aborted', 'x');
  await codeOf(openCopy(database, () => Promise.reject(aborted))({ url }));
  clock.time += 5_000;
  status = 200;
  expect(await codeOf(copy({ url }))).toBe('answered');
});

test('without the database a copy goes by what it knows itself, and no call fails for it', async () => {
  const away = { withHub: () => Promise.reject(new Error('away')) };
  const copy = openCopy(away);
  await takeDown(copy);
  expect(await codeOf(copy({ url }))).toBe('outbound_host_down');
});

test('an application’s fault between those of a gateway does not begin the count anew, and ends a trial', async () => {
  const copy = openCopy();
  for (let i = 0; i < breakerThreshold; i++) {
    for (status of [504, 500]) await codeOf(copy({ url }));
  }
  expect(await readDownHosts(database)).toMatchObject([{ breaker: { failures: breakerThreshold } }]);
  clock.time += 6_000;
  expect(await codeOf(copy({ url }))).toBe('answered');
  expect(await readDownHosts(database)).toEqual([]);
});

test('a person lets calls pass again, which is put on record; of a host that is up it is refused', async () => {
  const copy = openCopy();
  await takeDown(copy);
  const by = { actor: 'operator:test', now: clock.time };
  await resetHost(database, 'lms.example', by);
  clock.time += 5_000;
  status = 200;
  expect(await codeOf(copy({ url }))).toBe('answered');
  const { rows } = await superuser.query(
    `select action, subject from audit_event where action = 'partner_host.reset'`,
  );
  expect(rows).toEqual([{ action: 'partner_host.reset', subject: 'host:lms.example' }]);
  await expect(resetHost(database, 'lms.example', by)).rejects.toMatchObject({ code: 'host_not_down' });
});
