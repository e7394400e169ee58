import { expect, test } from 'vitest';
import { grainMs } from '../../../contracts/health.ts';
import { planReading, planTurns, roundStretches } from '../../../src/health/metrics/reading.ts';
import { cutTime, mergeTimes } from '../../../src/health/metrics/segments.ts';

const day = grainMs['1d'];
const at = (days: number) => Math.round(days * day);
const none = { hours: [], days: [] };

function readPeriods(days: number) {
  const stretches = [
    { tenantId: 'a', period: 'pre_term' as const, from: at(0), to: at(10.25) },
    { tenantId: 'a', period: 'term' as const, from: at(10.25), to: at(days) },
  ];
  const range = { from: new Date(at(0)), to: new Date(at(days)) };
  const asked = { finest: '5m' as const, periods: { tenants: ['a'], stretches }, period: undefined };
  return planReading(range, none, asked).periods!.segments.map(({ period, grain, from, to }) => [
    ...[period, grain, from / day, to / day],
  ]);
}

test('where a period ends within a day, its hours are read; of a long time the day is of the one it is mostly in', () => {
  expect(readPeriods(92)).toEqual([
    ['pre_term', '1d', 0, 10],
    ['pre_term', '1h', 10, 10.25],
    ['term', '1h', 10.25, 11],
    ['term', '1d', 11, 92],
  ]);
  expect(readPeriods(93)).toEqual([
    ['pre_term', '1d', 0, 10],
    ['term', '1d', 10, 93],
  ]);
});

test('of a long time the day on which a part begins at noon is of that part', () => {
  const stretch = { tenantId: 'a', period: 'term' as const };
  const range = { from: new Date(at(0)), to: new Date(at(120)) };
  const begins = [10.49, 10.5, 10.51].map((from) => ({ ...stretch, from: at(from), to: at(120) }));
  expect(roundStretches(begins, range, '5m').map(({ from }) => from / day)).toEqual([10, 10, 11]);
});

test('segments of a tenant are told by the moments at which something else begins, gaps among them', () => {
  const segment = (tenantId: string, period: 'term' | 'exams', from: number, to: number) => ({
    ...{ tenantId, period, from: at(from), to: at(to), grain: '1d' as const },
  });
  const turns = planTurns([
    segment('a', 'exams', 3, 4),
    segment('a', 'term', 1, 3),
    segment('b', 'term', 1, 2),
    segment('a', 'term', 6, 7),
  ]);
  expect(turns).toEqual([
    { tenantId: 'a', begins: [1, 3, 4, 6, 7].map(at), periods: ['term', 'exams', null, 'term', null] },
    { tenantId: 'b', begins: [1, 2].map(at), periods: ['term', null] },
  ]);
});

test('times are put together and cut without losing any', () => {
  expect(
    mergeTimes([
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 6, to: 7 },
    ]),
  ).toEqual([
    { from: 1, to: 4 },
    { from: 5, to: 9 },
  ]);
  expect(cutTime({ from: 1, to: 8 }, 3)).toEqual([
    { from: 1, to: 4 },
    { from: 4, to: 7 },
    { from: 7, to: 8 },
  ]);
});
