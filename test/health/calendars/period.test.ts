import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarPeriods, type Span } from '../../../contracts/calendars.ts';
import { dateOf, dayIn, dayNumber, weekdayOf } from '../../../src/health/calendars/days.ts';
import { decidePeriod, decideSchoolDay, nextTermStart } from '../../../src/health/calendars/period.ts';

const span = (kind: Span['kind'], from: string, to: string): Span => ({ kind, name: kind, from, to });
const year = [
  span('term', '2026-09-01', '2026-12-18'),
  span('break', '2026-11-23', '2026-11-27'),
  span('exams', '2026-12-14', '2026-12-18'),
  span('term', '2027-01-11', '2027-06-04'),
];

test.each([
  ['2026-06-01', 'between_terms'],
  ['2026-07-06', 'between_terms'],
  ['2026-07-07', 'pre_term'],
  ['2026-08-31', 'pre_term'],
  ['2026-09-01', 'first_two_weeks'],
  ['2026-09-14', 'first_two_weeks'],
  ['2026-09-15', 'term'],
  ['2026-11-22', 'term'],
  ['2026-11-23', 'between_terms'],
  ['2026-12-14', 'exams'],
  ['2026-12-18', 'exams'],
  // Eight weeks before the next term reach back into this one, whose days stay its own.
  ['2026-12-19', 'pre_term'],
  ['2027-01-11', 'first_two_weeks'],
  ['2027-06-05', 'between_terms'],
])('%s is in %s', (date, period) => {
  expect(decidePeriod(year, dayNumber(date))).toBe(period);
});

test('without a term nobody knows the period', () => {
  expect(decidePeriod([], 0)).toBeUndefined();
  expect(decidePeriod([span('exams', '2026-12-14', '2026-12-18')], dayNumber('2026-12-14'))).toBeUndefined();
});

test('a day has lessons on weekdays of a term outside breaks', () => {
  const asked = (date: string) => decideSchoolDay(year, dayNumber(date), weekdayOf(dayNumber(date)));
  expect(['2026-09-01', '2026-09-05', '2026-11-24', '2026-12-15', '2026-08-03'].map(asked)).toEqual([
    ...[true, false, false, true, false],
  ]);
});

test('the next term begins on its first day', () => {
  expect(dateOf(nextTermStart(year, dayNumber('2026-09-02'))!)).toBe('2027-01-11');
  expect(nextTermStart(year, dayNumber('2027-01-12'))).toBeUndefined();
});

const anySpan = fc
  .record({
    kind: fc.constantFrom('term' as const, 'exams' as const, 'break' as const),
    start: fc.integer({ min: 20_000, max: 21_000 }),
    days: fc.integer({ min: 0, max: 200 }),
  })
  .map(({ kind, start, days }) => span(kind, dateOf(start), dateOf(start + days)));

test('every day has exactly one period, whatever the calendar, in whichever order its spans stand', () => {
  fc.assert(
    fc.property(
      fc.array(anySpan, { maxLength: 12 }),
      fc.integer({ min: 19_800, max: 21_400 }),
      (spans, day) => {
        const period = decidePeriod(spans, day);
        expect(decidePeriod([...spans].reverse(), day)).toBe(period);
        if (spans.some(({ kind }) => kind === 'term')) expect(calendarPeriods).toContain(period);
        else expect(period).toBeUndefined();
      },
    ),
  );
});

test('exams are exactly the days of exams, and first weeks are always within a term and no break', () => {
  fc.assert(
    fc.property(
      fc.array(anySpan, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 19_800, max: 21_400 }),
      (spans, day) => {
        fc.pre(spans.some(({ kind }) => kind === 'term'));
        const date = dateOf(day);
        const within = (kind: Span['kind']) =>
          spans.some((each) => each.kind === kind && each.from <= date && date <= each.to);
        const period = decidePeriod(spans, day);
        expect(period === 'exams').toBe(within('exams'));
        if (period === 'first_two_weeks' || period === 'term') {
          expect([within('term'), within('break')]).toEqual([true, false]);
          const first = spans.some(
            ({ kind, from }) => kind === 'term' && from <= date && day - dayNumber(from) < 14,
          );
          expect(period === 'first_two_weeks').toBe(first);
        }
        if (period === 'pre_term') {
          const coming = spans.filter(({ kind, from }) => kind === 'term' && from > date);
          expect(Math.min(...coming.map(({ from }) => dayNumber(from) - day))).toBeLessThanOrEqual(56);
        }
      },
    ),
  );
});

test('a moment is on the day that the school’s clocks show, also when they are changed', () => {
  const berlin = dayIn('Europe/Berlin');
  expect(dateOf(berlin(Date.parse('2026-10-24T22:30:00Z')))).toBe('2026-10-25');
  expect(dateOf(berlin(Date.parse('2026-10-25T22:30:00Z')))).toBe('2026-10-25');
  expect(dateOf(berlin(Date.parse('2026-10-25T23:30:00Z')))).toBe('2026-10-26');
  expect(dateOf(dayIn('America/Los_Angeles')(Date.parse('2026-11-21T07:59:00Z')))).toBe('2026-11-20');
});
