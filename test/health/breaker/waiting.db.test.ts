import { expect, test } from 'vitest';
import type { Connector } from '../../../contracts/connector.ts';
import { createBreakers } from '../../../src/health/breaker/breakers.ts';
import { guardByBreaker } from '../../../src/health/breaker/guarded-fetch.ts';
import { readDownHosts } from '../../../src/health/breaker/hosts.ts';
import { breakerThreshold } from '../../../src/health/breaker/transition.ts';
import { createHost } from '../../../src/sync/host/host.ts';
import { createDeliveryWorld } from '../../grades/world.ts';
import { createLmsWorld, createScriptedLms } from '../../lti/lms/lms-world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, quietLog, schoolOf } from '../../sync/runs/sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const breakersOf = (clock: { now(): number }) =>
  createBreakers({ db: database, clock, log: quietLog, random: () => 0.5 });
const untilOf = async (host: string) =>
  (await readDownHosts(database)).find((each) => each.host === host)?.breaker.until;

test('a roster run waits for a source that is down, burns no try on it, and goes on once it is up', async () => {
  const world = await createSyncWorld(testDatabase, 'waiting-run');
  world.sis.roster = schoolOf(3);
  const [memory] = world.deps.connectors;
  // The rows come from memory, and before each entity the source is asked over the guarded way.
  const asking: Connector = {
    ...memory!,
    async *read(context, wish) {
      await context.fetch({ url: 'https://sis.example/rows' });
      yield* memory!.read(context, wish);
    },
  };
  let isUp = false;
  let asked = 0;
  const outbound = guardByBreaker(async (request) => {
    asked += 1;
    const text = () => '{}';
    return {
      ...{ status: isUp ? 200 : 503, headers: {}, url: request.url },
      body: Buffer.from('{}'),
      text,
      json: text,
    };
  }, breakersOf(world.clock));
  const host = createHost({
    ...{ outbound, clock: world.clock, log: quietLog },
    dropFolder: undefined,
    wait: async () => {},
  });
  const sync = { ...world.deps, host, connectors: [asking] };
  Object.assign(world.deps, sync);
  const runId = await world.request();
  // The call repeats itself, until there were as many failures as take a host for down.
  await world.work(runId);
  expect(asked).toBe(breakerThreshold);
  const until = (await untilOf('sis.example'))!;
  const waiting = await world.run(runId);
  const down = { state: 'reading', reason: 'outbound_host_down', endedAt: null, notBefore: new Date(until) };
  expect(waiting).toMatchObject(down);
  const { rows } = await superuser.query('select failures, failed_tries from sync_run where run_id = $1', [
    runId,
  ]);
  expect(rows).toEqual([{ failures: 0, failed_tries: 0 }]);
  isUp = true;
  await world.work(runId);
  expect(asked).toBe(breakerThreshold);
  world.clock.at = until;
  await world.work(runId);
  expect(await world.run(runId)).toMatchObject({ state: 'applied' });
  expect(await world.ids('users')).toEqual(['u0', 'u1', 'u2']);
  expect(await untilOf('sis.example')).toBeUndefined();
});

test('a grade waits for an LMS that is down without a try, and is delivered once it is up', async () => {
  const world = await createDeliveryWorld(testDatabase, 'waiting-grade', { people: 1, items: 1 });
  const lmsWorld = await createLmsWorld(testDatabase);
  const lms = createScriptedLms();
  let isUp = false;
  lms.onCall = () => (isUp ? { status: 200 } : 'outbound_connection_failed');
  const clock = { now: world.now };
  const { destination } = lmsWorld.copy(guardByBreaker(lms.fetch, breakersOf(clock)));
  Object.assign(world.services, { destination });
  await world.accept(1);
  const tries = async () =>
    (
      await superuser.query('select count(*)::int as count from grade_attempt where tenant_id = $1', [
        world.school.tenantId,
      ])
    ).rows[0].count;
  // A token is given each time, so that the host counts as up in between; then the whole of it is away.
  lms.onToken = () =>
    isUp
      ? { status: 200, body: { access_token: 't', token_type: 'Bearer', expires_in: 60 } }
      : 'outbound_timeout';
  for (let pass = 0; pass < 20 && (await untilOf('lms.example')) === undefined; pass++) {
    await world.drain();
    world.pass(3_600_000);
  }
  const until = (await untilOf('lms.example'))!;
  expect(until).toBeGreaterThan(0);
  const before = { tries: await tries(), asked: lms.requests.length };
  // Whenever it is due and the host still down, nobody asks, and no try is burnt.
  world.pass(until - world.now() - 1);
  await world.drain();
  expect({ tries: await tries(), asked: lms.requests.length }).toEqual(before);
  expect(await world.states()).toEqual(['pending']);
  isUp = true;
  for (let pass = 0; pass < 5 && (await world.states())[0] === 'pending'; pass++) {
    world.pass(3_600_000);
    await world.drain();
  }
  expect(await world.states()).toEqual(['delivered']);
  expect(lms.scores().at(-1)).toMatchObject({ scoreGiven: 1 });
  expect(await untilOf('lms.example')).toBeUndefined();
});
