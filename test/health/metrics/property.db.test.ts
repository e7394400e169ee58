import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ExchangeEvent,
  grainMs,
  type Rate,
  sliceNames,
  type TimeRange,
} from '../../../contracts/health.ts';
import { readDurations, readNumbers } from '../../../src/health/metrics/health-report.ts';
import { listRowsBehind } from '../../../src/health/metrics/rows.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';
import { bruteForce, bruteForcePercentile, distinct, sliceOf, within } from './brute-force.ts';
import { madeEvents, madeWorld } from './made-events.ts';

const { database: db, superuser } = await createTestDatabase();
const world = madeWorld();
const begin = Date.UTC(2026, 2, 1);
const days = 3;
const end = begin + days * grainMs['1d'];
const clock = { time: begin, now: () => clock.time };

/** Brings events in parts, with roll-ups between them and time going on. What is told to come late comes after everything. */
async function bring(parts: readonly ExchangeEvent[][], times: readonly number[]): Promise<void> {
  for (const [index, part] of parts.entries()) {
    await db.withRollup((tx) => insertExchanges(tx, part));
    clock.time = times[index] ?? end;
    await rollUp({ database: db, clock });
  }
}

const arranged = madeEvents(world, { from: begin, to: end }).chain((events) =>
  fc.record({
    // In any order, some twice.
    events: fc
      .shuffledSubarray(events, { minLength: events.length, maxLength: events.length })
      .chain((shuffled) => fc.subarray(events).map((again) => [...shuffled, ...again])),
    cuts: fc.array(fc.nat(events.length), { maxLength: 3 }),
    times: fc.array(fc.integer({ min: begin, max: end + 2 * grainMs['1d'] }), { minLength: 4, maxLength: 4 }),
    range: fc
      .tuple(fc.integer({ min: begin, max: end - 1 }), fc.integer({ min: 1, max: days * grainMs['1d'] }))
      .map(
        ([from, length]): TimeRange => ({ from: new Date(from), to: new Date(Math.min(end, from + length)) }),
      ),
  }),
);

const counted = ({ part, whole }: Rate) => [part, whole];

test('every number of every slice is what the events say, however late, often and disordered they came', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(arranged, async ({ events, cuts, times, range }) => {
      await superuser.query(
        `truncate exchange, exchange_series, exchange_mark, exchange_5m, exchange_1h, exchange_1d, exchange_sketch_1h,
             exchange_sketch_1d`,
      );
      const at = [0, ...cuts.toSorted((a, b) => a - b), events.length];
      await bring(
        at.slice(1).map((stop, i) => events.slice(at[i], stop)),
        times.toSorted((a, b) => a - b),
      );
      const known = distinct(events);
      await checkNumbers(known, range);
      await checkDurations(known, range);
      await checkTenants(known, range);
    }),
    { numRuns: 25 },
  );
});

/** As wide as what is counted. */
function wide({ from, to }: TimeRange, size: number): TimeRange {
  return {
    from: new Date(Math.floor(+from / size) * size),
    to: new Date(Math.ceil(+to / size) * size),
  };
}

async function checkNumbers(events: readonly ExchangeEvent[], range: TimeRange): Promise<void> {
  const inside = within(events, wide(range, grainMs['5m']));
  for (const slice of [undefined, ...sliceNames]) {
    const groupBy = slice === undefined ? [] : [slice];
    const found = await readNumbers({ db }, range, { filter: {}, groupBy });
    const groups = Map.groupBy(inside, (event) => (slice === undefined ? 'all' : sliceOf(event, slice)));
    expect(found).toHaveLength(groups.size);
    for (const { slice: values, numbers } of found) {
      const value = slice === undefined ? 'all' : (Object.values(values)[0] ?? null);
      const expected = bruteForce(groups.get(value)!);
      expect(
        {
          ended: numbers.ended,
          failureRate: counted(numbers.failureRate),
          attemptErrorRate: counted(numbers.attemptErrorRate),
          amplification: numbers.amplification,
          firstTrySuccess: counted(numbers.firstTrySuccess),
          userErrorRate: counted(numbers.userErrorRate),
          recordRejection: counted(numbers.recordRejection),
          lastSuccess: numbers.lastSuccess,
        },
        `${slice} ${value}`,
      ).toEqual(expected);
    }
  }
}

/** Hours that are over are counted, and those alone. */
async function checkDurations(events: readonly ExchangeEvent[], range: TimeRange): Promise<void> {
  const hours = wide(range, grainMs['1h']);
  const over = within(events, hours).filter(
    ({ endedAt }) => +wide({ from: endedAt, to: endedAt }, grainMs['1h']).from + grainMs['1h'] <= clock.time,
  );
  const found = await readDurations({ db }, range, { filter: {}, groupBy: ['kind'] });
  const groups = Map.groupBy(over, ({ kind }) => kind);
  for (const [kind, those] of groups) {
    const durations = found.find(({ slice }) => slice.kind === kind)?.durations;
    for (const [share, value] of [
      [0.5, durations?.p50],
      [0.95, durations?.p95],
    ] as const) {
      const exact = bruteForcePercentile(those, share);
      if (exact === null) expect(value ?? null).toBeNull();
      else
        expect(Math.abs((value ?? 0) - exact) / exact, `${kind} ${exact} ${value}`).toBeLessThanOrEqual(
          0.0101,
        );
    }
  }
}

/** A tenant's own role sees its own numbers, and each of them opens exactly its rows. */
async function checkTenants(events: readonly ExchangeEvent[], range: TimeRange): Promise<void> {
  const inside = within(events, wide(range, grainMs['5m']));
  for (const tenantId of world.tenants) {
    const own = inside.filter((event) => event.tenantId === tenantId);
    const scope = { db, tenantId };
    const [found] = await readNumbers(scope, range, { filter: {}, groupBy: [] });
    expect(found?.numbers.ended ?? 0).toBe(own.length);
    const rows = async (number: 'failed' | 'userErrors' | 'firstTry' | 'rejected' | 'ended') => {
      const read: string[] = [];
      let before: { endedAt: Date; exchangeId: string } | undefined;
      for (;;) {
        const query = { number, filter: {}, range, limit: 7, ...(before && { before }) };
        const page = await listRowsBehind(scope, query);
        read.push(...page.map(({ exchangeId, endedAt }) => `${endedAt.toISOString()} ${exchangeId}`));
        before = page.at(-1);
        if (before === undefined) return read;
      }
    };
    const expected = (holds: (event: ExchangeEvent) => boolean) =>
      own
        .filter(holds)
        .map(({ exchangeId, endedAt }) => `${endedAt.toISOString()} ${exchangeId}`)
        .sort()
        .reverse();
    expect(await rows('failed')).toEqual(expected(({ outcome }) => /^failed_|^expired_/.test(outcome)));
    expect(await rows('userErrors')).toEqual(expected(({ outcome }) => outcome === 'user_error'));
    expect(await rows('firstTry')).toEqual(
      expected(({ outcome, attempts }) => outcome === 'success' && attempts < 2),
    );
    expect(await rows('rejected')).toEqual(expected(({ rejected }) => rejected > 0));
    expect(await rows('ended')).toEqual(expected(() => true));
  }
}
