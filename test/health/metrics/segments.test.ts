import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Grain, grainMs } from '../../../contracts/health.ts';
import { planSegments } from '../../../src/health/metrics/segments.ts';

const step = grainMs['5m'];
const none = { hours: [], days: [] };
const at = (text: string) => Date.parse(`2026-03-${text}Z`);

test('a month ends in hours and minutes, and is read in five pieces', () => {
  const plan = planSegments(at('01T22:50'), at('05T01:10'), none);
  expect(plan.map(({ grain, from, to }) => [grain, (to - from) / grainMs[grain]])).toEqual([
    ['5m', 2],
    ['1h', 1],
    ['1d', 3],
    ['1h', 1],
    ['5m', 2],
  ]);
});

test('what is not counted yet is read from what it is made of', () => {
  const pending = { hours: [at('02T05:00')], days: [at('03T00:00')] };
  const plan = planSegments(at('01T00:00'), at('05T00:00'), pending);
  expect(plan.map(({ grain, from, to }) => [grain, (to - from) / grainMs[grain]])).toEqual([
    ['1d', 1],
    ['1h', 5],
    ['5m', 12],
    ['1h', 18 + 24],
    ['1d', 1],
  ]);
});

test('hours and days that are not counted are left out where nothing finer is read', () => {
  const pending = { hours: [at('02T05:00')], days: [] };
  const plan = planSegments(at('02T04:00'), at('02T07:00'), pending, '1h');
  expect(plan).toEqual([
    { grain: '1h', from: at('02T04:00'), to: at('02T05:00') },
    { grain: '1h', from: at('02T06:00'), to: at('02T07:00') },
  ]);
});

test('segments follow each other without a gap, each of whole stretches of its grain, none of which is pending', () => {
  const hours = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), fc.array(hours), fc.array(hours), (first, length, h, d) => {
      const [from, to] = [first * step, (first + length) * step];
      const pending = { hours: h.map((n) => n * grainMs['1h']), days: d.map((n) => n * grainMs['1d']) };
      let reached = from;
      for (const segment of planSegments(from, to, pending)) {
        expect(segment.from).toBe(reached);
        reached = segment.to;
        const size = grainMs[segment.grain];
        expect([segment.from % size, segment.to % size]).toEqual([0, 0]);
        const isIn = (time: number) => time >= segment.from && time < segment.to;
        const waiting: Record<Grain, number[]> = { '5m': [], '1h': pending.hours, '1d': pending.days };
        expect(waiting[segment.grain].filter(isIn)).toEqual([]);
        if (segment.grain === '1d') expect(pending.hours.filter(isIn)).toEqual([]);
      }
      expect(reached).toBe(length === 0 ? from : to);
    }),
  );
});
