import { expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { dayNumber } from '../../../src/health/calendars/days.ts';
import { decidePeriod } from '../../../src/health/calendars/period.ts';
import { makeOnboardings } from '../../../src/health/history/onboardings.ts';
import { makeDay } from '../../../src/health/history/traffic.ts';
import { plantTruth } from '../../../src/health/history/truth.ts';
import { makeWorld } from '../../../src/health/history/world.ts';
import { sumDwell } from '../../../src/health/onboarding/dwell.ts';
import { forecastStable } from '../../../src/health/onboarding/forecast.ts';
import { expectTruthFound } from './found.ts';
import { daysOfTruth, replay, rollUp } from './replay.ts';

const world = makeWorld({ seed: 'gatehouse', end: '2026-11-21' });
const truth = plantTruth(world);
const dayMs = 86_400_000;

test('a history is the same for the same seed, whichever days are asked for, and another for another', () => {
  const school = world.schools[5]!;
  const day = dayNumber('2026-10-07');
  const once = makeDay(world, truth, school, day);
  makeDay(world, truth, school, day - 1);
  expect(makeDay(world, truth, school, day)).toEqual(once);
  expect(once.length).toBeGreaterThan(50);
  const other = makeWorld({ seed: 'another', end: '2026-11-21' });
  expect(makeDay(other, plantTruth(other), other.schools[5]!, day)).not.toEqual(once);
});

test('it has 18 months, 40 schools and 12 partners, each partner at several schools', () => {
  expect(world.lastDay - world.firstDay).toBeGreaterThan(540);
  const partners = world.schools.flatMap(({ connections }) => connections.map(({ partner }) => partner));
  const counts = [...Map.groupBy(partners, (partner) => partner).values()].map(({ length }) => length);
  expect([world.schools.length, counts.length]).toEqual([40, 12]);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
});

test('the outage is in an exam week, and events are well formed and without a person', () => {
  const school = world.schools[0]!;
  const day = Math.floor(truth.outage.from / dayMs);
  expect(decidePeriod(school.spans, day)).toBe('exams');
  const events = makeDay(world, truth, school, day);
  const ids = new Set(events.map(({ exchangeId }) => exchangeId));
  expect(ids.size).toBe(events.length);
  for (const event of events) {
    expect(event.exchangeId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(event.startedAt.getTime()).toBeLessThanOrEqual(event.endedAt.getTime());
    expect(event.failedAttempts).toBeLessThanOrEqual(event.attempts);
  }
  const isDown = ({ startedAt, partner }: ExchangeEvent) =>
    partner === truth.outage.partner && +startedAt >= truth.outage.from && +startedAt < truth.outage.to;
  const down = events.filter(isDown);
  expect(down.length).toBeGreaterThan(10);
  expect(down.filter(({ outcome }) => outcome === 'failed_partner').length).toBeGreaterThan(
    down.length * 0.8,
  );
});

test('alerts replayed over the days around them find every planted fault with its cause, and nothing else wakes anybody', () => {
  const days = daysOfTruth(truth);
  const { series, exchanges } = rollUp(world, truth, days);
  expect(exchanges).toBeGreaterThan(100_000);
  expectTruthFound(truth, replay(world, truth, series, days));
}, 60_000);

test('the slow onboarding is seen: past its promise, waiting on its partner, longer than any like it', () => {
  const onboardings = makeOnboardings(world, truth);
  const slow = onboardings.find(
    ({ tenantId, kind }) => tenantId === truth.slowOnboarding.tenantId && kind === 'roster',
  )!;
  const promised = dayNumber(truth.slowOnboarding.promisedOn) * dayMs;
  const standing = slow.entries.filter(({ at }) => at <= promised);
  expect(standing.at(-1)).toMatchObject({ stage: truth.slowOnboarding.stage });
  const { stages } = sumDwell(standing, promised);
  const history = onboardings
    .filter((each) => each !== slow)
    .flatMap(({ partner, kind, entries }) =>
      Object.entries(sumDwell(entries, entries.at(-1)!.at).stages).flatMap(([stage, dwell]) =>
        dwell === null || stage === entries.at(-1)!.stage
          ? []
          : [{ partner, kind, stage: stage as typeof truth.slowOnboarding.stage, dwell }],
      ),
    );
  const { partner, kind } = slow;
  const spent = stages[truth.slowOnboarding.stage]!;
  const input = { partner, kind, stage: truth.slowOnboarding.stage, now: promised };
  expect(forecastStable({ ...input, spent }, history)).toMatchObject({ kind: 'overdue' });
  const usual = forecastStable({ ...input, spent: 0 }, history);
  expect(usual).toMatchObject({ kind: 'forecast' });
});
