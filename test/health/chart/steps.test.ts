import { expect, test } from 'vitest';
import { countOf, decideStep, planSteps } from '../../../src/health/chart/steps.ts';

const at = (text: string) => new Date(text);
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });
const shown = (stretches: { from: Date; to: Date }[]) =>
  stretches.map(({ from, to }) => [from.toISOString(), to.toISOString()]);

test.each([
  ['2026-11-21T10:00:00Z', '2026-11-21T11:00:00Z', '5m'],
  ['2026-11-20T11:00:00Z', '2026-11-21T11:00:00Z', '1h'],
  ['2026-10-24T11:00:00Z', '2026-11-21T11:00:00Z', '1d'],
  ['2025-11-21T11:00:00Z', '2026-11-21T11:00:00Z', '7d'],
  ['2017-11-21T11:00:00Z', '2026-11-21T11:00:00Z', '7d'],
])('from %s to %s is drawn in steps of %s', (from, to, step) => {
  expect(decideStep(range(from, to))).toBe(step);
});

test('days begin at the school’s own midnights, and the one on which summer time ends has 25 hours', () => {
  const days = planSteps('1d', range('2026-10-24T12:00:00Z', '2026-10-26T09:05:00Z'), 'Europe/Berlin');
  expect(shown(days)).toEqual([
    ['2026-10-23T22:00:00.000Z', '2026-10-24T22:00:00.000Z'],
    ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['2026-10-25T23:00:00.000Z', '2026-10-26T09:05:00.000Z'],
  ]);
});

test('weeks begin on Mondays, the first before the range', () => {
  const weeks = planSteps('7d', range('2026-11-12T12:00:00Z', '2026-11-21T00:00:00Z'), 'UTC');
  expect(shown(weeks)).toEqual([
    ['2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z'],
    ['2026-11-16T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
  ]);
});

test('hours are whole ones, and a range that ends with one has no empty point after it', () => {
  const hours = planSteps('1h', range('2026-11-21T08:20:00Z', '2026-11-21T10:00:00Z'), 'Asia/Kolkata');
  expect(shown(hours)).toEqual([
    ['2026-11-21T08:00:00.000Z', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00.000Z'],
  ]);
  expect(countOf('1h', range('2026-11-21T08:20:00Z', '2026-11-21T10:00:00Z'))).toBe(2);
});
