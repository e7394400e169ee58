import { expect, test } from 'vitest';
import { nextCronTime, parseCron } from '../../../src/sync/schedule/cron.ts';

function next(text: string, zone: string, after: string): string | undefined {
  const fields = parseCron(text);
  if (fields === undefined) throw new Error(`No cron: ${text}`);
  const at = nextCronTime(fields, zone, Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString();
}

test.each([
  ['30 2 * * *', 'UTC', '2026-11-21T00:00:00Z', '2026-11-21T02:30:00.000Z'],
  ['30 2 * * *', 'UTC', '2026-11-21T02:30:00Z', '2026-11-22T02:30:00.000Z'],
  ['30 2 * * *', 'Europe/Berlin', '2026-11-21T00:00:00Z', '2026-11-21T01:30:00.000Z'],
  ['30 2 * * *', 'America/Los_Angeles', '2026-11-21T00:00:00Z', '2026-11-21T10:30:00.000Z'],
  ['*/15 * * * *', 'Asia/Kathmandu', '2026-11-21T00:01:00Z', '2026-11-21T00:15:00.000Z'],
  ['0 6 * * 1-5', 'Europe/Berlin', '2026-11-20T12:00:00Z', '2026-11-23T05:00:00.000Z'],
  ['0 6 * * 7', 'UTC', '2026-11-20T12:00:00Z', '2026-11-22T06:00:00.000Z'],
  ['0 0 1,15 * *', 'UTC', '2026-11-02T00:00:00Z', '2026-11-15T00:00:00.000Z'],
  ['0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['5/20 3 * 12 *', 'UTC', '2026-11-21T00:00:00Z', '2026-12-01T03:05:00.000Z'],
  // A day of the month or of the week, where both are named.
  ['0 0 13 * 5', 'UTC', '2026-11-07T00:00:00Z', '2026-11-13T00:00:00.000Z'],
  ['0 0 13 * 5', 'UTC', '2026-11-13T00:00:00Z', '2026-11-20T00:00:00.000Z'],
  // Clocks that differ by half hours, and a zone east of the date line.
  ['0 0 * * *', 'Pacific/Kiritimati', '2026-11-21T00:00:00Z', '2026-11-21T10:00:00.000Z'],
])('%s in %s after %s is %s', (text, zone, after, expected) => {
  expect(next(text, zone, after)).toBe(expected);
});

test('a time that is left out when summer time begins comes right after the gap, once', () => {
  // 2027-03-28: 02:00 becomes 03:00.
  expect(next('30 2 * * *', 'Europe/Berlin', '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00:00.000Z');
  expect(next('30 2 * * *', 'Europe/Berlin', '2027-03-28T01:00:00Z')).toBe('2027-03-29T00:30:00.000Z');
});

test('a time that comes twice when summer time ends is taken once, the first time', () => {
  // 2027-10-31: 03:00 becomes 02:00.
  expect(next('30 2 * * *', 'Europe/Berlin', '2027-10-30T12:00:00Z')).toBe('2027-10-31T00:30:00.000Z');
  expect(next('30 2 * * *', 'Europe/Berlin', '2027-10-31T00:30:00Z')).toBe('2027-11-01T01:30:00.000Z');
});

test('a nightly time comes on every day of a year, whatever the clocks do', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
    const fields = parseCron('15 2 * * *')!;
    const end = Date.parse('2028-01-01T00:00:00Z');
    let [at, count] = [Date.parse('2027-01-01T00:00:00Z'), 0];
    for (;;) {
      const following = nextCronTime(fields, zone, at)!;
      if (following >= end) break;
      expect(following).toBeGreaterThan(at);
      at = following;
      count += 1;
    }
    expect([zone, count]).toEqual([zone, 365]);
  }
});

test('a day that no year has never comes', () => {
  expect(next('0 0 31 2 *', 'UTC', '2026-01-01T00:00:00Z')).toBeUndefined();
});

test.each(['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', 'a * * * *'])(
  '"%s" is no cron',
  (text) => expect(parseCron(text)).toBeUndefined(),
);

test.each(['5-1 * * * *', '*/0 * * * *', '1,,2 * * * *', '@daily', '* * * * * *', '-1 * * * *'])(
  '"%s" is no cron either',
  (text) => expect(parseCron(text)).toBeUndefined(),
);
