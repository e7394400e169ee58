import { expect, test } from 'vitest';
import { cadenceOf, pausesOf } from '../../../src/sync/schedule/cadence.ts';

const hour = 3_600_000;
const wednesday = Date.parse('2026-03-04T12:00:00Z');
const zone = 'Europe/Berlin';

test.each([
  ['every night', { full: '30 2 * * *' }, 24],
  ['on schooldays: the weekend is no delay', { full: '30 2 * * 1-5' }, 72],
  ['once a week', { full: '0 3 * * 0' }, 168],
  ['changes between', { full: '0 0 * * *', delta: '0 */6 * * *' }, 6],
])('%s', (_what, times, hours) => {
  expect(cadenceOf({ zone, quiet: [], ...times }, wednesday)).toBe(hours * hour);
});

test('a night in which clocks are put back is an hour longer', () => {
  const october = Date.parse('2026-10-23T12:00:00Z');
  expect(cadenceOf({ zone, quiet: [], full: '30 4 * * *' }, october)).toBe(25 * hour);
});

test('a day that never comes has no cadence', () => {
  expect(cadenceOf({ zone, quiet: [], full: '0 0 31 2 *' }, wednesday)).toBeUndefined();
});

test('a pause is whole days of the zone, and leaving out removals is none', () => {
  const rollovers = [
    { from: '2026-07-01', to: '2026-07-31', policy: 'pause' as const },
    { from: '2026-08-01', to: '2026-08-02', policy: 'no_removals' as const },
  ];
  expect(pausesOf({ zone, quiet: [], full: '0 3 * * *' }, rollovers)).toEqual([
    { from: Date.parse('2026-06-30T22:00:00Z'), to: Date.parse('2026-07-31T22:00:00Z') },
  ]);
});
