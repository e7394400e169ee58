import { expect, test } from 'vitest';
import { decideQuietEnd } from '../../../src/sync/schedule/quiet.ts';
import { decideRollover, rollover } from '../../../src/sync/schedule/rollover.ts';
import { givenSchedule, planNextRun, schedule } from '../../../src/sync/schedule/schedule.ts';

const at = (text: string) => Date.parse(text);
const nightly = schedule.parse({ zone: 'Europe/Berlin', full: '0 2 * * 0', delta: '0 2 * * *' });

test('where everything and only changes are due at once, everything is read', () => {
  // 2026-11-22 is a Sunday.
  expect(planNextRun(nightly, at('2026-11-21T12:00:00Z'))).toEqual({
    at: at('2026-11-22T01:00:00Z'),
    mode: 'full',
  });
  expect(planNextRun(nightly, at('2026-11-22T12:00:00Z'))).toEqual({
    at: at('2026-11-23T01:00:00Z'),
    mode: 'delta',
  });
});

test.each([
  [{ zone: 'Europe/Berlin' }],
  [{ zone: 'Nowhere/Town', full: '0 2 * * *' }],
  [{ zone: 'UTC', full: 'every night' }],
  [{ zone: 'UTC', full: '0 2 * * *', quiet: [{ from: '7:00', to: '16:00' }] }],
  [{ zone: 'UTC', full: '0 2 * * *', quiet: [{ from: '07:00', to: '24:00' }] }],
])('%j is no schedule', (given) => {
  expect(schedule.safeParse(given).success).toBe(false);
});

test.each([
  [{ zone: 'UTC', full: '0 2 31 2 *' }],
  [{ zone: 'UTC', full: '0 2 * * *', delta: '0 2 30,31 2 *' }],
  [{ zone: 'UTC', full: '0 2 * * *', quiet: [{ from: '08:00', to: '08:00' }] }],
  [
    {
      zone: 'UTC',
      full: '0 2 * * *',
      quiet: [
        { from: '06:00', to: '20:00' },
        { from: '18:00', to: '06:00' },
      ],
    },
  ],
])('by %j nothing would ever be begun, and nobody can give it', (given) => {
  expect(givenSchedule.safeParse(given).success).toBe(false);
  // One that was given before is told of still.
  expect(schedule.safeParse(given).success).toBe(true);
});

test.each([
  [{ full: '0 2 29 2 *' }],
  [{ full: '0 2 31 2 1' }],
  [{ full: '0 2 * * *', quiet: [{ from: '02:01', to: '02:00' }] }],
])('%j leaves times at which something is begun', (given) => {
  expect(givenSchedule.safeParse({ zone: 'UTC', ...given }).success).toBe(true);
});

const quiet = {
  zone: 'Europe/Berlin',
  quiet: [
    { from: '07:00', to: '16:00' },
    { from: '22:30', to: '01:00' },
  ],
};

test.each([
  ['2026-11-21T05:59:00Z', undefined],
  ['2026-11-21T06:00:00Z', '2026-11-21T15:00:00Z'],
  ['2026-11-21T14:59:59Z', '2026-11-21T15:00:00Z'],
  ['2026-11-21T15:00:00Z', undefined],
  ['2026-11-21T21:30:00Z', '2026-11-22T00:00:00Z'],
  ['2026-11-21T23:30:00Z', '2026-11-22T00:00:00Z'],
  ['2026-11-22T00:00:00Z', undefined],
])('quiet hours at %s end at %s', (now, end) => {
  expect(decideQuietEnd(quiet, at(now))).toBe(end === undefined ? undefined : at(end));
});

test('without a schedule nothing is quiet', () => {
  expect(decideQuietEnd(null, at('2026-11-21T06:00:00Z'))).toBeUndefined();
});

test('a rollover lasts from its first day to its last, in the zone of the school', () => {
  const summer = rollover.parse({ from: '2027-07-01', to: '2027-08-31', policy: 'no_removals' });
  const pause = rollover.parse({ from: '2027-07-10', to: '2027-07-10', policy: 'pause' });
  const decide = (text: string, zone = 'America/Denver') => decideRollover([summer, pause], zone, at(text));
  expect(decide('2027-07-01T05:59:00Z')).toBeUndefined();
  expect(decide('2027-07-01T06:00:00Z')).toBe('no_removals');
  expect(decide('2027-07-10T12:00:00Z')).toBe('pause');
  expect(decide('2027-09-01T05:59:00Z')).toBe('no_removals');
  expect(decide('2027-09-01T06:00:00Z')).toBeUndefined();
  expect(rollover.safeParse({ ...summer, to: '2027-06-30' }).success).toBe(false);
});
