import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { dateOf, dayNumber } from '../../../src/health/calendars/days.ts';
import { icalLimits, readIcalendar } from '../../../src/health/calendars/ical.ts';
import { readRecurrence } from '../../../src/health/calendars/ical-rule.ts';
import { expandRecurrence } from '../../../src/health/calendars/recurrence.ts';

const window = { zone: 'America/Chicago', first: dayNumber('2024-01-01'), last: dayNumber('2029-12-31') };

function calendar(...events: string[][]): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', 'UID:u@x', ...event, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//x//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function days(...event: string[]): string[] {
  const { occurrences, findings } = readIcalendar(calendar(event), window);
  return [...occurrences.map(({ from, to }) => `${from}/${to}`), ...findings.map(({ code }) => code)];
}

test('a date ends on the day before DTEND, and alone takes one day', () => {
  expect(days('DTSTART;VALUE=DATE:20261214', 'DTEND;VALUE=DATE:20261219')).toEqual(['2026-12-14/2026-12-18']);
  expect(days('DTSTART;VALUE=DATE:20261214')).toEqual(['2026-12-14/2026-12-14']);
  expect(days('DTSTART;VALUE=DATE:20261214', 'DURATION:P5D')).toEqual(['2026-12-14/2026-12-18']);
});

test('times count on the days of the school’s own clocks', () => {
  // 04:30 UTC is the evening before in Chicago.
  expect(days('DTSTART:20261215T043000Z', 'DTEND:20261215T053000Z')).toEqual(['2026-12-14/2026-12-14']);
  expect(
    days('DTSTART;TZID=Europe/Berlin:20261215T060000', 'DTEND;TZID=Europe/Berlin:20261215T080000'),
  ).toEqual(['2026-12-14/2026-12-15']);
  expect(days('DTSTART:20261215T060000', 'DTEND:20261216T000000')).toEqual(['2026-12-15/2026-12-15']);
});

test('a day on which the clocks change is one day', () => {
  // In Chicago 2027-03-14 has 23 hours and 2026-11-01 has 25.
  for (const date of ['2027-03-14', '2026-11-01']) {
    const figures = date.replaceAll('-', '');
    const next = dateOf(dayNumber(date) + 1).replaceAll('-', '');
    const zoned = (name: string, at: string) => `${name};TZID=America/Chicago:${at}T000000`;
    expect(days(zoned('DTSTART', figures), zoned('DTEND', next))).toEqual([`${date}/${date}`]);
  }
});

test('a zone is taken from the file where its name is no public one, and told where it is unknown', () => {
  const zone = ['BEGIN:VTIMEZONE', 'TZID:School', 'BEGIN:STANDARD', 'DTSTART:20000101T000000'];
  const rest = ['TZOFFSETFROM:-0600', 'TZOFFSETTO:+0200', 'END:STANDARD', 'END:VTIMEZONE'];
  const event = calendar(['DTSTART;TZID=School:20261215T010000', 'DTEND;TZID=School:20261215T020000']);
  const text = event.replace('BEGIN:VEVENT', [...zone, ...rest, 'BEGIN:VEVENT'].join('\r\n'));
  expect(readIcalendar(text, window).occurrences).toMatchObject([{ from: '2026-12-14', to: '2026-12-14' }]);
  expect(days('DTSTART;TZID=Nowhere:20261215T010000')).toEqual(['zone_unknown']);
});

test('what repeats is repeated, without what is taken out or moved, and not past what is of interest', () => {
  const weekly = ['DTSTART;VALUE=DATE:20260907', 'RRULE:FREQ=WEEKLY;COUNT=4'];
  const all = ['2026-09-07', '2026-09-14', '2026-09-21', '2026-09-28'].map((each) => `${each}/${each}`);
  expect(days(...weekly)).toEqual(all);
  expect(days(...weekly, 'EXDATE;VALUE=DATE:20260914')).toEqual(all.toSpliced(1, 1));
  const moved = ['RECURRENCE-ID;VALUE=DATE:20260921', 'DTSTART;VALUE=DATE:20260922'];
  const { occurrences } = readIcalendar(calendar(weekly, moved), window);
  expect(occurrences.map(({ from }) => from)).toEqual([
    ...['2026-09-07', '2026-09-14', '2026-09-28', '2026-09-22'],
  ]);
  const endless = days('DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY');
  expect(endless).toHaveLength(6);
});

test('UNTIL in UTC ends on the day of the event’s own clocks', () => {
  const until = (at: string) =>
    days('DTSTART;TZID=America/Chicago:20261201T200000', `RRULE:FREQ=DAILY;UNTIL=${at}`);
  expect(until('20261203T020000Z')).toHaveLength(2);
  expect(until('20261204T020000Z')).toHaveLength(3);
});

test('what is cancelled is left out; hours and weeks of the year are told as not supported', () => {
  expect(days('DTSTART;VALUE=DATE:20261214', 'STATUS:CANCELLED')).toEqual([]);
  expect(days('DTSTART;VALUE=DATE:20261214', 'RRULE:FREQ=HOURLY')).toContain('rule_unsupported');
  expect(days('DTSTART;VALUE=DATE:20261214', 'RRULE:FREQ=YEARLY;BYWEEKNO=3')).toContain('rule_unsupported');
  expect(days('SUMMARY:No date')).toEqual(['date_missing']);
});

test('input is bounded: its length, its events, and how often one repeats', () => {
  const code = (text: string) => {
    try {
      return readIcalendar(text, window).findings.map(({ code }) => code);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code('x'.repeat(icalLimits.characters + 1))).toBe('calendar_too_large');
  expect(code('no calendar')).toBe('calendar_unreadable');
  expect(code('BEGIN:VCARD\r\nEND:VCARD')).toBe('calendar_unreadable');
  expect(code(calendar(['DTSTART;VALUE=DATE:20240101', 'RRULE:FREQ=DAILY']))).toEqual(['occurrences_cut']);
  const daily = ['DTSTART;VALUE=DATE:20240101', 'RRULE:FREQ=DAILY'];
  expect(code(calendar(...Array.from({ length: 21 }, () => daily)))).toBe('calendar_too_large');
  const past = ['DTSTART;VALUE=DATE:20230101', 'RRULE:FREQ=YEARLY;COUNT=1'];
  expect(code(calendar(...Array.from({ length: 201 }, () => past)))).toBe('calendar_too_large');
  expect(code(calendar(['DTSTART;VALUE=DATE:19000101', 'RRULE:FREQ=YEARLY']))).toEqual(['rule_unsupported']);
});

test('a rule that fits no day ends all the same', () => {
  for (const rule of [
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=7',
    'FREQ=DAILY;INTERVAL=2147483647',
  ]) {
    expect(days('DTSTART;VALUE=DATE:20260131', `RRULE:${rule}`)).toEqual(['2026-01-31/2026-01-31']);
  }
});

test('positions pick from the days of a month, also from its end', () => {
  const picked = (rule: string) =>
    days('DTSTART;VALUE=DATE:20240801', `RRULE:${rule};COUNT=4`).map((each) => each.slice(0, 10));
  expect(picked('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2')).toEqual([
    '2024-08-01',
    '2024-08-12',
    '2024-09-09',
    '2024-10-14',
  ]);
  expect(picked('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')).toEqual([
    ...['2024-08-01', '2024-08-30', '2024-09-30', '2024-10-31'],
  ]);
});

const anyRule = fc.oneof(
  fc.record({ f: fc.constant('DAILY'), b: fc.constantFrom('', ';BYMONTH=3,9', ';BYDAY=MO,WE') }),
  fc.record({ f: fc.constant('WEEKLY'), b: fc.constantFrom('', ';BYDAY=TU,TH', ';WKST=SU;BYDAY=SU,MO') }),
  fc.record({
    f: fc.constant('MONTHLY'),
    b: fc.constantFrom('', ';BYMONTHDAY=15', ';BYMONTHDAY=-1', ';BYDAY=2TU', ';BYDAY=-1FR'),
  }),
  fc.record({
    f: fc.constant('YEARLY'),
    b: fc.constantFrom('', ';BYMONTH=5;BYDAY=-1MO', ';BYMONTH=11;BYDAY=4TH'),
  }),
);

test('ordinary rules give the days that the library gives', () => {
  fc.assert(
    fc.property(
      anyRule,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 1_000 }),
      ({ f, b }, interval, offset) => {
        const start = dayNumber('2024-01-01') + offset;
        // The library gives the first day only where the rule does; RFC 5545 §3.8.5.3 always.
        const rule = ICAL.Recur.fromString(`FREQ=${f};INTERVAL=${interval}${b}`);
        const iterator = rule.iterator(ICAL.Time.fromDateString(dateOf(start)));
        const theirs: number[] = [];
        const last = start + 1_200;
        for (let next = iterator.next(); next && theirs.length < 300; next = iterator.next()) {
          const day = dayNumber(next.toString());
          if (day > last) break;
          if (day !== start) theirs.push(day);
        }
        const read = readRecurrence(rule, () => 0)!;
        const ours = expandRecurrence(read, start, last).filter((day) => day !== start);
        expect(ours.slice(0, 299).map(dateOf)).toEqual(theirs.slice(0, 299).map(dateOf));
      },
    ),
    { numRuns: 150 },
  );
});
