import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onboardingStages, type onboardingStates, waitingSides } from '../../../contracts/onboarding.ts';
import { type StageEntry, sumDwell } from '../../../src/health/onboarding/dwell.ts';
import { forecastStable, type StageSample } from '../../../src/health/onboarding/forecast.ts';
import { sumLeadTimes } from '../../../src/health/onboarding/lead-time.ts';
import { decideStableDay } from '../../../src/health/onboarding/stable.ts';
import { decideTransition, type OnboardingEvent } from '../../../src/health/onboarding/transition.ts';

const day = 86_400_000;

test('it goes ahead one stage at a time, and becomes stable only by itself', () => {
  let stage: (typeof onboardingStates)[number] = 'requested';
  for (const next of onboardingStages.slice(1, -1)) {
    const moved = decideTransition({ stage }, { type: 'advance' });
    expect(moved).toMatchObject({ kind: 'moved', stage: next });
    stage = next;
  }
  const live = { stage: 'live' } as const;
  expect(decideTransition(live, { type: 'advance' })).toEqual({ kind: 'refused', code: 'stage_by_itself' });
  expect(decideTransition(live, { type: 'seven_good_days' })).toMatchObject({ stage: 'stable' });
});

test('it goes back to earlier stages only, also from stable', () => {
  const from = (stage: (typeof onboardingStates)[number], to: (typeof onboardingStages)[number]) =>
    decideTransition({ stage }, { type: 'return', to });
  expect(from('live', 'credentials')).toMatchObject({ kind: 'moved', stage: 'credentials' });
  expect(from('stable', 'live')).toMatchObject({ kind: 'moved', stage: 'live' });
  expect(from('credentials', 'credentials')).toEqual({ kind: 'refused', code: 'stage_not_before' });
  expect(from('credentials', 'live')).toEqual({ kind: 'refused', code: 'stage_not_before' });
  expect(from('withdrawn', 'requested')).toEqual({ kind: 'refused', code: 'onboarding_over' });
});

const anyEvent: fc.Arbitrary<OnboardingEvent> = fc.oneof(
  fc.constant({ type: 'advance' } as const),
  fc.constantFrom(...onboardingStages).map((to) => ({ type: 'return', to }) as const),
  fc.constantFrom(...waitingSides).map((on) => ({ type: 'wait', on }) as const),
  fc.constant({ type: 'seven_good_days' } as const),
  fc.constant({ type: 'withdraw' } as const),
);

test('whatever happens, stable comes only after live, and a stage’s dwell adds up to the whole age', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 40 * day })), { maxLength: 30 }),
      (events) => {
        const entries: StageEntry[] = [{ stage: 'requested', waitingOn: 'school', at: 0 }];
        let now = 0;
        for (const [event, passed] of events) {
          now += passed;
          const last = entries.at(-1)!;
          const moved = decideTransition(last, event);
          if (moved.kind === 'refused') continue;
          if (moved.stage === 'stable') expect(last.stage).toBe('live');
          entries.push({ stage: moved.stage, waitingOn: moved.waitingOn, at: now });
        }
        const last = entries.at(-1)!;
        const over = last.stage === 'stable' || last.stage === 'withdrawn';
        const end = over ? last.at : now + day;
        const { stages, waiting } = sumDwell(entries, end);
        const sum = (values: (number | null)[]) =>
          values.reduce<number>((total, value) => total + (value ?? 0), 0);
        expect(sum(Object.values(stages))).toBe(end);
        expect(sum(Object.values(waiting))).toBe(end);
      },
    ),
  );
});

test('dwell adds re-entries, and waiting on another side is no re-entry', () => {
  const { stages, reentries, waiting } = sumDwell(
    [
      { stage: 'requested', waitingOn: 'school', at: 0 },
      { stage: 'agreement_signed', waitingOn: 'partner', at: 2 * day },
      { stage: 'agreement_signed', waitingOn: 'us', at: 3 * day },
      { stage: 'credentials', waitingOn: 'us', at: 5 * day },
      { stage: 'agreement_signed', waitingOn: 'partner', at: 6 * day },
      { stage: 'credentials', waitingOn: 'us', at: 10 * day },
    ],
    11 * day,
  );
  expect(stages).toMatchObject({
    requested: 2 * day,
    agreement_signed: 7 * day,
    credentials: 2 * day,
    live: null,
  });
  expect(reentries).toMatchObject({ requested: 0, agreement_signed: 1, credentials: 1 });
  expect(waiting).toEqual({ us: 4 * day, partner: 5 * day, school: 2 * day });
});

const days = (...failed: (number | null)[]) =>
  failed.map((each, index) => ({ day: index, valid: each === null ? 0 : 200, failed: each ?? 0 }));

test('the seventh good day in a row makes it stable; a bad one begins the row anew', () => {
  expect(decideStableDay(days(0, 1, 0, 0, 1, 0, 0), 0.995)).toBe(6);
  expect(decideStableDay(days(0, 0, 0, 0, 0, 0), 0.995)).toBeUndefined();
  expect(decideStableDay(days(0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0), 0.995)).toBe(10);
});

test('days without traffic neither count nor break the row', () => {
  expect(decideStableDay(days(0, 0, 0, 0, 0, null, null, 0, 0), 0.995)).toBe(8);
  expect(decideStableDay(days(...new Array(30).fill(null)), 0.995)).toBeUndefined();
});

const sample = (stage: StageSample['stage'], dwell: number, partner = 'canvas'): StageSample => ({
  ...{ partner, kind: 'lms', stage, dwell: dwell * day },
});
const input = { partner: 'canvas', kind: 'lms', stage: 'partner_validated', spent: 0, now: 0 } as const;

test('distributions of stages are added, not their medians', () => {
  // Each stage takes 1 or 9 days, evenly: the sum is 2, 10 or 18 days with chances of a quarter, a half, a quarter.
  const history = (['partner_validated', 'live'] as const).flatMap((stage) =>
    [1, 1, 9, 9].map((dwell) => sample(stage, dwell)),
  );
  expect(forecastStable(input, history)).toEqual({
    kind: 'forecast',
    forecast: {
      ...{ early: 2 * day, likely: 10 * day, late: 18 * day },
      ...{ basis: 'partner_and_kind', samples: 4, isSmall: true },
    },
  });
});

test('time spent in a stage leaves only those that took longer', () => {
  const history = [5, 10, 20, 40].flatMap((dwell) => [sample('live', dwell)]);
  const asked = (spent: number) => forecastStable({ ...input, stage: 'live', spent: spent * day }, history);
  expect(asked(0)).toMatchObject({ forecast: { likely: 10 * day } });
  expect(asked(15)).toMatchObject({ forecast: { early: 5 * day, late: 25 * day } });
  expect(asked(41)).toEqual({ kind: 'overdue', stage: 'live', samples: 4 });
});

test('too few like it: a wider circle is asked, and where that is too small nothing is said', () => {
  const others = [7, 7, 7].map((dwell) => sample('live', dwell, 'moodle'));
  const asked = (history: StageSample[]) => forecastStable({ ...input, stage: 'live' }, history);
  expect(asked([sample('live', 1), ...others])).toMatchObject({ forecast: { basis: 'kind', samples: 4 } });
  expect(asked(others.slice(1))).toEqual({ kind: 'unknown', stage: 'live', samples: 2 });
});

test('the forecast’s range holds in order, whatever the history', () => {
  const dwell = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(
      fc.array(dwell, { minLength: 3, maxLength: 20 }),
      fc.array(dwell, { minLength: 3, maxLength: 20 }),
      (a, b) => {
        const history = [
          ...a.map((each) => sample('partner_validated', each)),
          ...b.map((each) => sample('live', each)),
        ];
        const result = forecastStable(input, history);
        if (result.kind !== 'forecast') return;
        const { early, likely, late } = result.forecast;
        expect(early <= likely && likely <= late).toBe(true);
        expect(late).toBeLessThanOrEqual((Math.max(...a) + Math.max(...b)) * day);
      },
    ),
  );
});

test('lead times are told by the month of completion, beside the age of open ones', () => {
  const at = (text: string) => Date.parse(text);
  const done = [10, 20, 30, 40, 50, 60].map((took) => ({
    requestedAt: at('2026-10-20T00:00:00Z') - took * day,
    stableAt: at('2026-10-20T00:00:00Z'),
  }));
  const open = [3, 90].map((age) => ({
    requestedAt: at('2026-11-21T00:00:00Z') - age * day,
    stableAt: null,
  }));
  expect(sumLeadTimes([...open, ...done], at('2026-11-21T00:00:00Z'))).toEqual({
    cohorts: [{ month: '2026-10', count: 6, p50: 30 * day, p85: 60 * day, isSmall: false }],
    openAges: [90 * day, 3 * day],
  });
});
