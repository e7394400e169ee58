import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { StagingTx } from '../../../src/platform/db.ts';
import { sql } from '../../../src/platform/sql/sql.ts';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import { betweenSteps, type Traffic, type Watch, watchTraffic } from '../../../src/sync/engine/traffic.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, untilDone } from './world.ts';

const world = await createTestDatabase();
const { database, superuser } = world;
const school = await createSchool(world, 'traffic');
let at = 0;
let look: Watch;

beforeEach(() => {
  at = 0;
  look = watchTraffic(database, () => at);
});

/** Rows as browsers bring them that are sent to the hub; what the server counts is told at once. */
const arrivals = {
  lti_login: `insert into lti_login (tenant_id, state_hash, connection_id, nonce_hash, browser_hash, target_link_uri, request, expires_at)
    values ($1, $2, $3, '', '', '', '{}', now())`,
  hub_login: `insert into hub_login (state_hash, connection_id, nonce_hash, browser_hash, target_link_uri, request, expires_at)
    select $2, $3, '', '', '', '{}', now() where $1::uuid is not null`,
  sign_in_request: `insert into sign_in_request (tenant_id, handle_hash, connection_id, connection_version, browser_hash, expectations, return_to, expires_at)
    values ($1, $2, $3, 1, '', '{}', '/', now())`,
};

async function arrive(count: number, table: keyof typeof arrivals = 'lti_login'): Promise<void> {
  for (let i = 0; i < count; i++)
    await superuser.query(arrivals[table], [school.tenantId, randomBytes(32), randomUUID()]);
  await superuser.query('select pg_stat_force_next_flush()');
  await superuser.query('select 1');
}

/** Looks each two seconds, with so many who come before each look. */
async function seenWith(perLook: number, looks: number, table?: keyof typeof arrivals): Promise<Traffic[]> {
  const seen: Traffic[] = [];
  for (let i = 0; i < looks; i++) {
    at += 2_000;
    await arrive(perLook, table);
    seen.push(await look());
  }
  return seen;
}

test.each(['lti_login', 'hub_login', 'sign_in_request'] as const)(
  'at least one a second, counted by %s, is busy',
  async (table) => {
    expect(await look()).toBe('some');
    expect(await seenWith(2, 8, table)).toEqual(Array(8).fill('busy'));
  },
);

test('with nobody for ten seconds it is calm, and not before', async () => {
  await look();
  expect(await seenWith(0, 6)).toEqual(['some', 'some', 'some', 'some', 'calm', 'calm']);
});

test('fewer than one a second are neither, and two in the time looked at are next to nobody', async () => {
  await look();
  expect(await seenWith(1, 6)).toEqual(Array(6).fill('some'));
  at += 60_000;
  await arrive(2);
  expect(await look()).toBe('calm');
});

test('a school that begins after a silent minute is seen at its first look', async () => {
  await look();
  at += 60_000;
  expect(await look()).toBe('calm');
  at += 2_000;
  await arrive(59);
  expect(await look()).toBe('some');
  at += 10_000;
  await arrive(40);
  expect(await look()).toBe('busy');
});

test('what is told late makes neither a busy nor a calm moment of a steady coming', async () => {
  await look();
  const seen: Traffic[] = [];
  for (const perLook of [2, 8, 0, 4, 8, 0, 6, 2]) seen.push(...(await seenWith(perLook, 1)));
  expect(seen.slice(1)).toEqual(Array(7).fill('busy'));
});

test('it is looked at every two seconds at most, and what is five minutes old says nothing', async () => {
  await look();
  await arrive(5);
  at += 1_999;
  expect(await look()).toBe('some');
  at += 1;
  expect(await look()).toBe('busy');
  at += 300_001;
  expect(await look()).toBe('some');
  at += 10_000;
  expect(await look()).toBe('calm');
});

test('where the server counts anew, does not count or does not answer nobody knows', async () => {
  await arrive(1);
  await look();
  await superuser.query('select pg_stat_reset()');
  at += 10_000;
  expect(await look()).toBe('some');
  at += 10_000;
  expect(await look()).toBe('calm');
  const uncounted = watchTraffic({ hub: () => ({ one: async () => ({ count: null }) }) as never }, () => at);
  await uncounted();
  at += 10_000;
  expect(await uncounted()).toBe('some');
});

test('who asks while somebody looks hears the same, and a look that failed is not repeated for a minute', async () => {
  let looks = 0;
  let fails = false;
  const one = async () => {
    looks += 1;
    at += 500;
    if (fails) throw new Error('Away');
    return { count: 0 };
  };
  const watch = watchTraffic({ hub: () => ({ one }) as never }, () => at);
  expect(await Promise.all([watch(), watch(), watch()])).toEqual(['some', 'some', 'some']);
  expect(looks).toBe(1);
  at += 10_000;
  expect(await watch()).toBe('calm');
  fails = true;
  at += 2_000;
  for (let i = 0; i < 20; i++, at += 2_900) expect(await watch()).toBe('some');
  expect(looks).toBe(3);
  fails = false;
  at += 2_000;
  await watch();
  at += 10_000;
  expect(await watch()).toBe('calm');
});

test('a run that is told to stop while it looks stops', async () => {
  const stop = new AbortController();
  const watch: Watch = async () => {
    stop.abort(new Error('Stop.'));
    return 'busy';
  };
  const step = database.withStaging(school.tenantId, (tx) => betweenSteps(tx, watch, stop.signal)());
  await expect(step).rejects.toThrow('Stop.');
});

async function helpersOf(tx: StagingTx): Promise<string> {
  const shown = sql`select current_setting('max_parallel_workers_per_gather') || current_setting('max_parallel_maintenance_workers') as helpers`;
  return (await tx.one(shown, z.object({ helpers: z.string() }))).helpers;
}

test('a run works without helpers while people launch, and with them as soon as they have gone', async () => {
  let traffic: Traffic = 'calm';
  const seen: unknown[] = [];
  await database.withStaging(school.tenantId, async (tx) => {
    const goOn = betweenSteps(tx, async () => traffic, untilDone());
    for (const next of ['some', 'busy', 'busy', 'calm', 'busy', 'some'] as const) {
      traffic = next;
      await goOn();
      seen.push(await helpersOf(tx));
    }
    traffic = 'busy';
    await goOn();
  });
  expect(seen).toEqual(['12', '00', '00', '12', '00', '12']);
  expect(await database.withStaging(school.tenantId, helpersOf)).toBe('12');
});

test('a run that is to stop stops there', async () => {
  const stopping = AbortSignal.abort(new Error('Stop.'));
  const step = database.withStaging(school.tenantId, (tx) =>
    betweenSteps(tx, async () => 'calm', stopping)(),
  );
  await expect(step).rejects.toThrow('Stop.');
});

test.each([
  { megabytes: 40, traffic: 'busy', canWait: true, isEmptied: false },
  { megabytes: 40, traffic: 'some', canWait: true, isEmptied: false },
  { megabytes: 40, traffic: 'calm', canWait: true, isEmptied: true },
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
  expect(await since(() => engine.undo(run, new Date()))).toBe(2 * run.entities.length);
  await engine.release(run, { canWait: false });
});

test('an engine looks at the database by itself', async () => {
  let looks = 0;
  const hub = () => {
    looks += 1;
    return database.hub();
  };
  const engine = createEngine({ db: { ...database, hub } });
  const run = await school.request();
  await engine.begin(run);
  await engine.validate(run, new Map(), untilDone());
  expect(looks).toBe(1);
  await engine.release(run, { canWait: false });
});
