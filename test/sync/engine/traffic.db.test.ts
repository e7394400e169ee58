import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { StagingTx } from '../../../src/platform/db.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import { pause, type Traffic, watchTraffic } from '../../../src/sync/engine/traffic.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, untilDone } from './world.ts';

const world = await createTestDatabase();
const { database, superuser } = world;
const school = await createSchool(world, 'traffic');
let at = 0;
let look: () => Promise<Traffic>;

beforeEach(() => {
  at = 0;
  const watch = watchTraffic(() => at);
  look = () => database.withStaging(school.tenantId, watch);
});

/** Browsers that are sent to the hub by their LMS; what the server counts is told at once. */
async function launch(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await superuser.query(
      `insert into hub_login (state_hash, connection_id, nonce_hash, browser_hash, target_link_uri, request, expires_at)
       values ($1, $2, '', '', '', '{}', now())`,
      [randomBytes(32), randomUUID()],
    );
  }
  await superuser.query('select pg_stat_force_next_flush()');
  await superuser.query('select 1');
}

test('it is busy while at least one launch a second begins, and quiet with fewer', async () => {
  expect(await look()).toBe('unknown');
  await launch(10);
  at += 10_000;
  expect(await look()).toBe('busy');
  await launch(9);
  at += 10_000;
  expect(await look()).toBe('quiet');
});

test('within a transaction it is seen too when people come and go', async () => {
  await database.withStaging(school.tenantId, async (tx) => {
    const watch = watchTraffic(() => at);
    await watch(tx);
    await launch(3);
    at += 2_000;
    expect(await watch(tx)).toBe('busy');
    at += 2_000;
    expect(await watch(tx)).toBe('quiet');
  });
});

test('it is looked at every two seconds at most, and what is five minutes old says nothing', async () => {
  await look();
  await launch(5);
  at += 1_999;
  expect(await look()).toBe('unknown');
  at += 1;
  expect(await look()).toBe('busy');
  await launch(1_000);
  at += 300_001;
  expect(await look()).toBe('unknown');
  at += 2_000;
  expect(await look()).toBe('quiet');
});

test('where the server counts anew nobody knows', async () => {
  await launch(1);
  await look();
  await superuser.query('select pg_stat_reset()');
  at += 2_000;
  expect(await look()).toBe('unknown');
});

async function helpersOf(tx: StagingTx): Promise<string> {
  const shown = sql`select current_setting('max_parallel_workers_per_gather') as helpers`;
  return (await tx.one(shown, z.object({ helpers: z.string() }))).helpers;
}

test('a run works without helpers while people launch, and with them as soon as they have gone', async () => {
  let traffic: Traffic = 'quiet';
  const seen: unknown[] = [];
  await database.withStaging(school.tenantId, async (tx) => {
    const goOn = pause(tx, async () => traffic, untilDone());
    for (const next of ['unknown', 'busy', 'busy', 'quiet', 'busy', 'unknown'] as const) {
      traffic = next;
      await goOn();
      seen.push(await helpersOf(tx));
    }
    traffic = 'busy';
    await goOn();
  });
  expect(seen).toEqual(['1', '0', '0', '1', '0', '1']);
  expect(await database.withStaging(school.tenantId, helpersOf)).toBe('1');
});

test('a run that is to stop stops there', async () => {
  const stopping = AbortSignal.abort(new Error('Stop.'));
  const step = database.withStaging(school.tenantId, (tx) => pause(tx, async () => 'quiet', stopping)());
  await expect(step).rejects.toThrow('Stop.');
});

test.each([
  { megabytes: 40, traffic: 'busy', canWait: true, isEmptied: false },
  { megabytes: 40, traffic: 'unknown', canWait: true, isEmptied: false },
  { megabytes: 40, traffic: 'quiet', canWait: true, isEmptied: true },
  { megabytes: 40, traffic: 'busy', canWait: false, isEmptied: true },
  { megabytes: 20, traffic: 'busy', canWait: true, isEmptied: true },
] as const)(
  'of $megabytes MB staged, traffic $traffic, can wait: $canWait, all is given back: $isEmptied',
  async ({ megabytes, traffic, canWait, isEmptied }) => {
    const engine = createEngine({ db: database, watch: async () => traffic });
    const run = await school.request();
    await engine.begin(run);
    const { rows } = await superuser.query<{ place: number }>(
      'select place from staging.place where run_id = $1',
      [run.runId],
    );
    const staged = `staging_${rows[0]!.place}.staged_enrollment`;
    await superuser.query("select set_config('gatehouse.part', '1', false)");
    await superuser.query(
      `insert into ${staged} (line, sourced_id) select n, repeat(md5(n::text), 30) from generate_series(1, $1) n`,
      [megabytes * 1_000],
    );
    expect(await engine.release(run, { canWait })).toBe(isEmptied);
    const left = await superuser.query(`select from ${staged} limit 1`);
    expect(left.rowCount).toBe(isEmptied ? 0 : 1);
    await engine.release(run, { canWait: false });
  },
);

test('every step of a run asks whether people launch', async () => {
  let asked = 0;
  const engine = createEngine({
    db: database,
    watch: async () => {
      asked += 1;
      return 'busy';
    },
  });
  const run = await school.request();
  const since = async (work: () => Promise<unknown>) => {
    const before = asked;
    await work();
    return asked - before;
  };
  expect(await since(() => engine.begin(run))).toBe(1);
  const seals = new Map();
  expect(await since(() => engine.validate(run, seals, untilDone()))).toBeGreaterThan(run.entities.length);
  expect(await since(() => engine.plan(run, seals, untilDone()))).toBe(run.entities.length);
  const apply = () => engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
  expect(await since(apply)).toBe(run.entities.length);
  await engine.release(run, { canWait: false });
});
