import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ExchangeEvent,
  exchangeKinds,
  grainMs,
  type NumberName,
  numberNames,
  type SliceFilter,
  type SliceName,
  sliceNames,
  type TimeRange,
} from '../../../contracts/health.ts';
import type { TenantId } from '../../../contracts/ids.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { dayNumber } from '../../../src/health/calendars/days.ts';
import { makeDay } from '../../../src/health/history/traffic.ts';
import { plantTruth } from '../../../src/health/history/truth.ts';
import { makeWorld } from '../../../src/health/history/world.ts';
import { readSeries } from '../../../src/health/metrics/series.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';
import { bruteForce, type Calendars, periodOf, sliceOf, within } from './brute-force.ts';
import { compareDeliveries, compareDurations, compareNumbers, compareRows } from './compare.ts';

const { database: db, superuser } = await createTestDatabase();
const world = makeWorld({ seed: 'gatehouse', end: '2026-11-21' });
const truth = plantTruth(world);
const schools = world.schools.slice(0, 8);
const calendars: Calendars = new Map(schools.map(({ tenantId, zone, spans }) => [tenantId, { zone, spans }]));

/** Days on which a part of the year begins at some school, and those of what was planted. */
const planted = [truth.outage, truth.certificate, truth.release].map(({ from }) =>
  Math.floor(from / grainMs['1d']),
);
const turns = ['2026-06-29', '2026-08-24', '2026-09-07', '2026-10-19'].map(dayNumber);
const days = [...new Set([...planted, ...turns].flatMap((day) => [day - 1, day, day + 1]))];
const clock = { time: 0, now: () => clock.time };

/** Everything that ended, brought disordered, some twice, some only after its time was counted. */
async function bringHistory(): Promise<ExchangeEvent[]> {
  for (const { tenantId, slug, zone, spans } of schools) {
    const values = [tenantId, slug];
    await superuser.query(
      'insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $2, now())',
      values,
    );
    const by = { actor: 'test', now: Date.parse('2026-11-21') };
    await setCalendarZone(db, tenantId as TenantId, zone, by);
    for (const span of spans) await addSpan(db, tenantId as TenantId, span, by);
  }
  const events = days.flatMap((day) =>
    schools.flatMap((school) => makeDay(world, truth, school, day, { volume: 0.2 })),
  );
  const shuffled = fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length });
  const [disordered = []] = fc.sample(shuffled, { numRuns: 1, seed: 7 });
  const late = disordered.splice(0, 500);
  const again = disordered.slice(0, 300);
  for (const part of [disordered, [...late, ...again]]) {
    for (let at = 0; at < part.length; at += 2_000) {
      await db.withRollup((tx) => insertExchanges(tx, part.slice(at, at + 2_000)));
    }
    clock.time = Date.parse('2026-11-22');
    await rollUp({ database: db, clock });
  }
  return events;
}

test('what the generated history is asked equals a count of its raw events, for every slice and combined filters', {
  timeout: 180_000,
}, async () => {
  const events = await bringHistory();
  expect(events.length).toBeGreaterThan(5_000);
  const range = {
    from: new Date(world.firstDay * grainMs['1d']),
    to: new Date((world.lastDay + 1) * grainMs['1d']),
  };
  const all = { scope: { db }, events, calendars, range, filter: {} };
  for (const slice of sliceNames) await compareNumbers(all, [slice]);
  for (const kind of exchangeKinds) await compareNumbers({ ...all, filter: { kind } }, ['partner', 'period']);
  await compareDurations(all, clock.time);
  await compareDeliveries(all, clock.time);
  const ranges = days.map((day) => ({
    from: new Date((day - 0.25) * grainMs['1d']),
    to: new Date((day + 0.75) * grainMs['1d']),
  }));
  const series = await readSeries({ db }, ranges, { kind: 'launch' });
  const launches = events.filter(({ kind }) => kind === 'launch');
  expect(series.map(({ ended, failureRate }) => [ended, failureRate.part])).toEqual(
    ranges.map((each) => within(launches, each)).map((own) => [own.length, bruteForce(own).failureRate[0]]),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...events),
      fc.record({
        slices: fc.subarray([...sliceNames]),
        groupBy: fc.subarray([...sliceNames], { maxLength: 3 }),
        number: fc.constantFrom(...(Object.keys(numberNames) as NumberName[])),
        span: fc.tuple(fc.integer({ min: -72, max: 0 }), fc.integer({ min: 1, max: 96 })),
      }),
      async (event, { slices, groupBy, number, span }) => {
        const [before, hours] = span;
        const from = +event.endedAt + before * grainMs['1h'];
        const around: TimeRange = { from: new Date(from), to: new Date(from + hours * grainMs['1h']) };
        // Values of something that is there, so that combined filters leave something.
        const some = { ...all, range: around, filter: filterOf(event, slices) };
        await compareNumbers(some, groupBy);
        await compareDurations(some, clock.time);
        await compareDeliveries(some, clock.time);
        await compareRows(some, number, 200);
      },
    ),
    { numRuns: 40 },
  );
});

function filterOf(event: ExchangeEvent, slices: readonly SliceName[]): SliceFilter {
  return Object.fromEntries(
    slices.map((slice) => [
      slice === 'tenant' || slice === 'connection' ? `${slice}Id` : slice,
      sliceOf(event, slice, calendars),
    ]),
  );
}

test('the planted outage stands out in the exams of its school, and in no other part of its year', () => {
  const [school] = schools;
  if (school === undefined) throw new Error('There is no school');
  const failuresOf = (day: number) =>
    bruteForce(makeDay(world, truth, school, day).filter(({ partner }) => partner === truth.outage.partner));
  const day = Math.floor(truth.outage.from / grainMs['1d']);
  expect(periodOf(calendars, school.tenantId, new Date(truth.outage.from))).toBe('exams');
  const share = ([failed = 0, valid = 1]: number[]) => failed / valid;
  expect(share(failuresOf(day).failureRate)).toBeGreaterThan(0.2);
  expect(share(failuresOf(day + 7).failureRate)).toBeLessThan(0.05);
});
