import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ExchangeEvent,
  grainMs,
  type NumberName,
  numberNames,
  sliceNames,
  type TimeRange,
} from '../../../contracts/health.ts';
import { newId } from '../../../contracts/ids.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { readGradeDelivery } from '../../../src/health/metrics/grade-delivery.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type Calendars, distinct, periodOf } from './brute-force.ts';
import { compareDeliveries, compareDurations, compareNumbers, compareRows } from './compare.ts';
import { madeEvents, madeFilters, madeWorld } from './made-events.ts';

const { database: db, superuser } = await createTestDatabase();
const world = madeWorld();
const begin = Date.UTC(2026, 2, 1);
const days = 3;
const end = begin + days * grainMs['1d'];
const clock = { time: begin, now: () => clock.time };

/** Two schools whose years turn within these days, at half past an hour of UTC and in summer time; the third has no calendar. */
const calendars: Calendars = new Map([
  [
    world.tenants[0]!,
    {
      zone: 'Asia/Kolkata',
      spans: [
        { kind: 'term', name: 'Spring', from: '2026-03-02', to: '2026-06-30' },
        { kind: 'exams', name: 'Tests', from: '2026-03-03', to: '2026-03-03' },
      ],
    },
  ],
  [
    world.tenants[1]!,
    {
      zone: 'America/Los_Angeles',
      spans: [
        { kind: 'term', name: 'Winter', from: '2026-01-07', to: '2026-03-02' },
        { kind: 'break', name: 'Long weekend', from: '2026-02-28', to: '2026-03-01' },
        { kind: 'term', name: 'Spring', from: '2026-04-28', to: '2026-06-30' },
      ],
    },
  ],
]);
for (const [index, tenantId] of world.tenants.entries()) {
  const slug = `school-${index}`;
  const values = [tenantId, slug];
  await superuser.query(
    'insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $2, now())',
    values,
  );
  const calendar = calendars.get(tenantId);
  if (calendar === undefined) continue;
  const by = { actor: 'test', now: begin };
  await setCalendarZone(db, tenantId, calendar.zone, by);
  for (const span of calendar.spans) await addSpan(db, tenantId, span, by);
}

/** Brings events in parts, with roll-ups between them and time going on. What is told to come late comes after everything. */
async function bring(parts: readonly ExchangeEvent[][], times: readonly number[]): Promise<void> {
  for (const [index, part] of parts.entries()) {
    await db.withRollup((tx) => insertExchanges(tx, part));
    clock.time = times[index] ?? end;
    await rollUp({ database: db, clock });
  }
}

const rangeWithin = fc
  .tuple(fc.integer({ min: begin, max: end - 1 }), fc.integer({ min: 1, max: days * grainMs['1d'] }))
  .map(([from, length]): TimeRange => ({ from: new Date(from), to: new Date(Math.min(end, from + length)) }));

/** So long that days are told apart as a whole. */
const longAround = rangeWithin.map(({ from, to }): TimeRange => {
  return { from: new Date(+from - 65 * grainMs['1d']), to: new Date(+to + 65 * grainMs['1d']) };
});

const arranged = madeEvents(world, { from: begin, to: end }).chain((events) =>
  fc.record({
    // In any order, some twice.
    events: fc
      .shuffledSubarray(events, { minLength: events.length, maxLength: events.length })
      .chain((shuffled) => fc.subarray(events).map((again) => [...shuffled, ...again])),
    cuts: fc.array(fc.nat(events.length), { maxLength: 3 }),
    times: fc.array(fc.integer({ min: begin, max: end + 2 * grainMs['1d'] }), { minLength: 4, maxLength: 4 }),
    range: fc.oneof(rangeWithin, longAround),
    filter: madeFilters(world),
    groupBy: fc.subarray([...sliceNames]),
    number: fc.constantFrom(...(Object.keys(numberNames) as NumberName[])),
  }),
);

test('every number of every slice is what the events say, however late, often and disordered they came', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(arranged, async ({ events, cuts, times, range, filter, groupBy, number }) => {
      await superuser.query(
        `truncate exchange, exchange_series, exchange_mark, exchange_5m, exchange_1h, exchange_1d, exchange_sketch_1h,
             exchange_sketch_1d`,
      );
      const at = [0, ...cuts.toSorted((a, b) => a - b), events.length];
      await bring(
        at.slice(1).map((stop, i) => events.slice(at[i], stop)),
        times.toSorted((a, b) => a - b),
      );
      const all = { scope: { db }, events: distinct(events), calendars, range, filter: {} };
      await compareNumbers(all, []);
      for (const slice of sliceNames) await compareNumbers(all, [slice]);
      await compareDurations(all, clock.time);
      const some = { ...all, filter };
      await compareNumbers(some, groupBy);
      await compareDurations(some, clock.time);
      await compareDeliveries(some, clock.time);
      await compareRows(some, number);
      // A tenant's own role sees its own, and each number opens exactly its rows.
      for (const tenantId of world.tenants) {
        const own = { ...some, scope: { db, tenantId } };
        await compareNumbers(own, groupBy);
        await compareRows(own, number);
      }
    }),
    { numRuns: 25 },
  );
});

test('over a long time, too, a part of the year opens the rows that it counts, though it begins within a day by UTC', async () => {
  await superuser.query(
    'truncate exchange, exchange_series, exchange_mark, exchange_5m, exchange_1h, exchange_1d',
  );
  const [tenantId, connectionId] = [world.tenants[0]!, world.connections[0]!];
  const events = Array.from({ length: days * 24 }, (_, hour): ExchangeEvent => {
    const endedAt = new Date(begin + hour * grainMs['1h']);
    return {
      ...{ tenantId, connectionId, partner: null, kind: 'launch', tier: 'standard', connectorVersion: null },
      ...{
        toolId: null,
        outcome: 'success',
        reason: null,
        attempts: 1,
        failedAttempts: 0,
        offered: 0,
        rejected: 0,
      },
      ...{ exchangeId: newId(+endedAt), startedAt: endedAt, endedAt },
    };
  });
  await bring([events], [end]);
  const range = { from: new Date(begin - 65 * grainMs['1d']), to: new Date(end + 65 * grainMs['1d']) };
  for (const period of ['pre_term', 'first_two_weeks', 'exams'] as const) {
    const asked = { scope: { db, tenantId }, events, calendars, range, filter: { period } };
    await compareNumbers(asked, []);
    await compareRows(asked, 'ended');
  }
});

const waitingScores = fc.array(
  fc.record({
    tenantId: fc.constantFrom(...world.tenants),
    connectionId: fc.constantFrom(...world.connections),
    waited: fc.oneof(fc.constantFrom(0, 899_999, 900_000, 900_001), fc.nat(9 * grainMs['1d'])),
    hasEnded: fc.boolean(),
  }),
  { maxLength: 30 },
);

test('scores that wait are counted as they are: how many, how many past their time, and how long the oldest', {
  timeout: 60_000,
}, async () => {
  for (const tenantId of world.tenants) {
    const values = [tenantId, world.connections];
    await superuser.query(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
       select $1, id, 'lms', 'canvas', 'LMS', now() from unnest($2::uuid[]) id`,
      values,
    );
  }
  const filters = madeFilters(world).map(({ connectionId, partner, period }) => ({
    connectionId,
    partner,
    period,
  }));
  const moments = fc.integer({ min: begin, max: end });
  await fc.assert(
    fc.asyncProperty(waitingScores, filters, moments, async (scores, filter, now) => {
      await superuser.query('truncate grade_delivery, exchange_5m, exchange_1h, exchange_1d');
      await superuser.query(
        `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
           state, outcome, accepted_at, ended_at)
         select (r ->> 'tenantId')::uuid, uuidv7(), (r ->> 'connectionId')::uuid, uuidv7(), uuidv7(), uuidv7(), now(),
           case when ended then 'delivered' else 'pending' end, case when ended then 'success' end,
           to_timestamp(($2 - (r ->> 'waited')::bigint) / 1000.0), case when ended then to_timestamp($2 / 1000.0) end
         from jsonb_array_elements($1::jsonb) r, lateral (select (r ->> 'hasEnded')::boolean as ended) e`,
        [JSON.stringify(scores), now],
      );
      const wanted = JSON.parse(JSON.stringify(filter)) as typeof filter;
      const waiting = scores.filter(
        ({ tenantId, connectionId, hasEnded }) =>
          !hasEnded &&
          (wanted.connectionId === undefined || wanted.connectionId === connectionId) &&
          (wanted.partner === undefined || wanted.partner === 'canvas') &&
          (wanted.period === undefined || wanted.period === periodOf(calendars, tenantId, new Date(now))),
      );
      const late = waiting.filter(({ waited }) => waited > 900_000).length;
      const range = { from: new Date(begin), to: new Date(now) };
      const found = await readGradeDelivery({ db }, range, wanted as object, now);
      expect({ ...found, onTime: [found.onTime.part, found.onTime.whole], waiting: [] }).toEqual({
        onTime: [0, late],
        pending: waiting.length,
        late,
        oldestMs: waiting.length === 0 ? null : Math.max(...waiting.map(({ waited }) => waited)),
        waiting: [],
      });
      const earlier = await readGradeDelivery(
        { db },
        { from: range.from, to: new Date(now - 1) },
        wanted as object,
        now,
      );
      expect(earlier.onTime.whole).toBe(0);
    }),
    { numRuns: 40 },
  );
});
