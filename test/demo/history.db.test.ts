import { expect, test } from 'vitest';
import { newId } from '../../contracts/ids.ts';
import { historySlugPrefix, makeSchools } from '../../src/demo/history/schools.ts';
import { runHistory } from '../../src/demo/history/seed-history.ts';
import { makeDay } from '../../src/health/history/traffic.ts';
import { readDurations, readNumbers } from '../../src/health/metrics/health-report.ts';
import { readLeadTimes } from '../../src/health/onboarding/onboardings.ts';
import { insertExchanges } from '../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../src/health/rollups/roll-up.ts';
import { listTenants } from '../../src/tenants/tenants.ts';
import { bruteForce, distinct, within } from '../health/metrics/brute-force.ts';
import { createTestDatabase } from '../support/database.ts';

const dayMs = 86_400_000;
const { database: db, superuser } = await createTestDatabase();
const clock = { time: Date.parse('2026-11-21T10:00:00Z'), now: () => clock.time };

/** Runs the seeding, and stops it as soon as something holds. */
async function seedUntil(holds: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const running = runHistory({ db, clock }, stop.signal, () => stop.abort());
  while (!stop.signal.aborted) {
    if (await holds()) stop.abort();
  }
  await running;
}

const countedDays = async (): Promise<number> => {
  const { rows } = await superuser.query('select count(distinct at)::int as days from exchange_1d');
  return rows[0].days;
};

test('the demo’s past is what was made up, wherever it was broken off, and its schools say what they are', {
  timeout: 240_000,
}, async () => {
  await seedUntil(async () => (await countedDays()) >= 2);
  const before = await countedDays();
  // What is left to do of 18 months is of no other kind.
  await seedUntil(async () => (await countedDays()) >= before + 4);
  await rollUp({ database: db, clock });
  const { world, truth } = await makeSchools({ db, clock });
  const tenants = await listTenants(db.directory);
  expect(tenants).toHaveLength(40);
  for (const { slug, name } of tenants) {
    expect(slug.startsWith(historySlugPrefix)).toBe(true);
    expect(name).toMatch(/\(demo data\)$/);
  }
  const last = Math.floor(clock.time / dayMs);
  const days = Array.from({ length: 25 }, (_, index) => last - index);
  const events = distinct(
    world.schools.flatMap((school) => days.flatMap((day) => makeDay(world, truth, school, day))),
  );
  const to = new Date(Math.floor(clock.time / 300_000) * 300_000);
  const range = { from: new Date((last - 17) * dayMs), to };
  const found = await readNumbers({ db }, range, { filter: {}, groupBy: ['partner', 'kind'] });
  expect(found.length).toBe(16);
  for (const { slice, numbers } of found) {
    const own = within(events, range).filter(
      ({ partner, kind }) => partner === slice.partner && kind === slice.kind,
    );
    const expected = bruteForce(own);
    expect([
      numbers.ended,
      numbers.failureRate.part,
      numbers.firstTrySuccess.part,
      numbers.lastSuccess,
    ]).toEqual([expected.ended, expected.failureRate[0], expected.firstTrySuccess[0], expected.lastSuccess]);
  }
  const [durations] = await readDurations({ db }, range, { filter: { kind: 'launch' }, groupBy: [] });
  expect(durations?.durations.p50).toBeGreaterThan(300);
  const { cohorts, openAges } = await readLeadTimes(db, clock.now());
  expect(cohorts.length).toBeGreaterThan(12);
  expect(openAges.length).toBeGreaterThan(0);
  const { rows } = await superuser.query('select state, cause from incident order by cause');
  expect(rows.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
    'resolved certificate',
    'resolved our_change',
    'resolved partner',
  ]);
  expect(truth.slowOnboarding.tenantId).toBe(world.schools[2]!.tenantId);
});

test('half a year on, what is not kept any more is not written again', { timeout: 120_000 }, async () => {
  const own = await createTestDatabase();
  const now = { time: Date.parse('2026-11-21T10:00:00Z'), now: () => now.time };
  const hub = { db: own.database, clock: now };
  const { world, truth } = await makeSchools(hub);
  const made = Math.floor(now.time / dayMs);
  // Of all the rows there were, the first and the last: nothing else is looked at.
  now.time += 170 * dayMs;
  const oldest = now.time - 179 * dayMs;
  const [event] = makeDay(world, truth, world.schools[0]!, made);
  const rows = [oldest, now.time].map((at) => ({
    ...event!,
    ...{ exchangeId: newId(at), startedAt: new Date(at - 1000), endedAt: new Date(at) },
  }));
  await own.database.withRollup((tx) => insertExchanges(tx, rows));
  const days = async () => (await own.superuser.query('select from exchange_1d limit 1')).rowCount;
  const stop = new AbortController();
  const running = runHistory(hub, stop.signal, () => stop.abort());
  // Days that have no rows are counted once the rows are there.
  await expect.poll(days, { timeout: 100_000 }).toBe(1);
  stop.abort();
  await running;
  const { rows: found } = await own.superuser.query(
    'select min(ended_at) as first, count(*)::int from exchange where ended_at < $1',
    [new Date(oldest)],
  );
  expect(found[0].count).toBeGreaterThan(100);
  expect(+found[0].first).toBeGreaterThanOrEqual(now.time - 180 * dayMs);
});
